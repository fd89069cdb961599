//! A terminal window with the program in it, seen through a terminal emulator.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tokio::time::Instant;

use crate::support::{DEADLINE, Sandbox, wait_until};

/// Columns and rows.
pub(crate) type Size = (u16, u16);

/// What most terminals begin with.
pub(crate) const USUAL: Size = (80, 24);

/// What was written to the window, as text and as the picture it makes.
struct Glass {
    emulator: vt100::Parser,
    raw: Vec<u8>,
}

/// A window. The program in it is killed when this is dropped.
pub(crate) struct Window {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    glass: Arc<Mutex<Glass>>,
    reader: Option<JoinHandle<()>>,
}

/// A window whose program has ended.
pub(crate) struct Closed {
    pub(crate) code: u32,
    /// Everything that is still to be seen, what was scrolled away included.
    pub(crate) text: String,
    /// Every byte that was ever written.
    pub(crate) raw: String,
}

impl Window {
    /// A window in which `sync` runs with these further arguments.
    pub(crate) fn sync(sandbox: &Sandbox, args: &[&str], size: Size) -> Self {
        let mut command = sandbox.command(&["sync", "--delay", "0"]);
        command.args(args);
        Self::open(&command, size)
    }

    /// A window in which `command` runs.
    pub(crate) fn open(command: &Command, size: Size) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let child = pair.slave.spawn_command(builder(command)).unwrap();
        let output = pair.master.try_clone_reader().unwrap();
        let (columns, rows) = size;
        let glass = Arc::new(Mutex::new(Glass {
            emulator: vt100::Parser::new(side(rows), side(columns), 1000),
            raw: Vec::new(),
        }));
        Self {
            child,
            keyboard: pair.master.take_writer().unwrap(),
            master: pair.master,
            reader: Some(show(output, Arc::clone(&glass))),
            glass,
        }
    }

    /// What is to be seen now.
    pub(crate) fn screen(&self) -> String {
        self.look(|glass| glass.emulator.screen().contents())
    }

    /// Every byte that was written so far.
    pub(crate) fn raw(&self) -> String {
        self.look(|glass| String::from_utf8_lossy(&glass.raw).into_owned())
    }

    fn look<T>(&self, at: impl Fn(&Glass) -> T) -> T {
        at(&self.glass.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits for a picture that is wanted, and gives it. `what` says which, should it never come.
    #[track_caller]
    pub(crate) fn see(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        let mut seen = Vec::new();
        loop {
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            if seen.last() != Some(&screen) {
                seen.push(screen);
            }
            let story = || seen.join("\n────\n");
            assert!(start.elapsed() < DEADLINE, "never seen: {what}\n{}", story());
            crate::support::rest();
        }
    }

    /// Types.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Drags the window's corner.
    pub(crate) fn resize(&self, size: Size) {
        let (columns, rows) = size;
        let mut glass = self.glass.lock().unwrap_or_else(PoisonError::into_inner);
        glass.emulator.set_size(side(rows), side(columns));
        self.master.resize(pty_size(size)).unwrap();
    }

    /// Waits until the program ends, and not for ever.
    pub(crate) fn close(mut self) -> Closed {
        let mut code = None;
        wait_until("the end of the program", || {
            code = self.child.try_wait().unwrap();
            code.is_some()
        });
        self.reader.take().unwrap().join().unwrap();
        let mut glass = self.glass.lock().unwrap_or_else(PoisonError::into_inner);
        Closed {
            code: code.unwrap().exit_code(),
            text: everything(&mut glass.emulator),
            raw: String::from_utf8_lossy(&glass.raw).into_owned(),
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // It fails only if it has ended already.
        let _ = self.child.kill();
    }
}

fn side(length: u16) -> NonZeroU16 {
    NonZeroU16::new(length).unwrap()
}

fn pty_size((cols, rows): Size) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// The same program in the same surroundings, with a terminal's.
fn builder(command: &Command) -> CommandBuilder {
    let mut builder = CommandBuilder::new(command.get_program());
    builder.args(command.get_args());
    builder.env_clear();
    builder.env("TERM", "xterm-256color");
    builder.env("LANG", "C.UTF-8");
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            builder.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        builder.cwd(folder);
    }
    builder
}

/// Shows what is written, until the program's side is closed.
fn show(mut output: Box<dyn Read + Send>, glass: Arc<Mutex<Glass>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut chunk = [0; 4096];
        // A closed terminal is an error on some systems and an end on others.
        while let Ok(count @ 1..) = output.read(&mut chunk) {
            let mut glass = glass.lock().unwrap_or_else(PoisonError::into_inner);
            glass.raw.extend_from_slice(&chunk[..count]);
            glass.emulator.process(&chunk[..count]);
        }
    })
}

/// The lines that were scrolled away, and then the screen.
fn everything(emulator: &mut vt100::Parser) -> String {
    let screen = emulator.screen_mut();
    screen.set_scrollback(usize::MAX);
    let (rows, columns) = screen.size();
    let mut lines = Vec::new();
    for above in (1..=screen.scrollback()).rev() {
        screen.set_scrollback(above);
        lines.extend(screen.rows(0, columns.get()).next());
    }
    screen.set_scrollback(0);
    lines.extend(screen.rows(0, columns.get()).take(rows.get().into()));
    lines.join("\n").trim_end().to_owned()
}
