//! Running a program and finding out what it cost.

use std::fs;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tokio::time::Instant;

use crate::Result;
use crate::table::{Series, mebibytes};

/// How often a running program's memory is looked at. The kernel remembers its peak, so only growth in the very
/// last moments can be missed.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Clock ticks per second in `/proc`: `USER_HZ`, which Linux promises to be this to programs.
const TICKS_PER_SECOND: f64 = 100.0;

/// What a finished program cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// From before its start until after its end, in seconds.
    pub(crate) wall: f64,
    /// Of all cores together, in user and kernel mode, in seconds.
    pub(crate) cpu: f64,
    /// The most memory it ever occupied, in bytes.
    pub(crate) peak: u64,
}

/// What one side cost, round for round: seconds, seconds of all cores, and MiB.
#[derive(Default)]
pub(crate) struct Side {
    pub(crate) wall: Series,
    pub(crate) cpu: Series,
    pub(crate) peak: Series,
}

impl Side {
    pub(crate) fn add(&mut self, cost: &Cost) {
        self.wall.push(cost.wall);
        self.cpu.push(cost.cpu);
        self.peak.push(mebibytes(cost.peak));
    }
}

/// Runs `command` to its successful end.
pub(crate) fn run(command: &mut Command) -> Result<Cost> {
    let began = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let pid = child.id();
    let memory = thread::spawn(move || watch_memory(pid));
    let said = await_end(&mut child)?;
    let wall = began.elapsed().as_secs_f64();
    // Until it is waited for, an ended process keeps its numbers.
    let cpu = cpu_seconds(pid)?;
    let status = child.wait()?;
    let peak = memory.join().map_err(|_| "the watcher of memory failed")?;
    if status.success() {
        Ok(Cost { wall, cpu, peak })
    } else {
        Err(format!("{} ended with {status}: {said}", command.get_program().display()).into())
    }
}

/// Reads what the program says until its end closes the pipe, without releasing its process.
fn await_end(child: &mut Child) -> Result<String> {
    let mut said = Vec::new();
    if let Some(mut stderr) = child.stderr.take() {
        stderr.read_to_end(&mut said)?;
    }
    while !stat(child.id())?.starts_with('Z') {
        thread::yield_now();
    }
    Ok(String::from_utf8_lossy(&said).into_owned())
}

/// The peak of a process's memory, known when it has ended.
fn watch_memory(pid: u32) -> u64 {
    let mut peak = 0;
    while let Some(kib) = high_water_mark(pid) {
        peak = kib * 1024;
        pause();
    }
    peak
}

#[expect(
    clippy::disallowed_methods,
    reason = "real time is what is measured here; there is no runtime"
)]
fn pause() {
    thread::sleep(LOOK_EVERY);
}

/// `None` once it has ended: what has no memory has no mark.
fn high_water_mark(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let mark = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    mark.split_whitespace().next()?.parse().ok()
}

/// The fields of a process's `stat` from its state on; before them stands its name, which may hold anything.
fn stat(pid: u32) -> Result<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, fields) = stat.rsplit_once(") ").ok_or("an unknown form of /proc")?;
    Ok(fields.to_owned())
}

/// Seconds of processor time, the 14th and 15th field of the whole line.
fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = stat(pid)?;
    let ticks = stat.split(' ').skip(11).take(2).map(str::parse::<u32>);
    let ticks = ticks.sum::<std::result::Result<u32, _>>()?;
    Ok(f64::from(ticks) / TICKS_PER_SECOND)
}
