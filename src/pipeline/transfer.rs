//! One file of one item, once: open, stream, check, commit. Who retries is the worker.

use futures::StreamExt as _;
use thiserror::Error;

use super::Context;
use super::berth::Berth;
use crate::library::{Announcement, Deposit, Holding, Inspection, ItemKey, LibraryError, Stored, sniff};
use crate::media::{MediaItem, MediaKind, Role};
use crate::pace::retry::Classify;
use crate::report::{Event, WorkerId};
use crate::source::{Content, Disposition, Resume, SourceError, SourceErrorKind};

/// Why an attempt came to nothing.
#[derive(Debug, Error)]
pub(super) enum TransferError {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("{}", .0.explained())]
    Library(#[from] LibraryError),
}

impl Classify for TransferError {
    fn disposition(&self) -> Disposition {
        match self {
            Self::Source(error) => error.disposition(),
            Self::Library(_) => Disposition::Stop,
        }
    }
}

/// Which file is to be had.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task<'a> {
    pub(super) worker: WorkerId,
    pub(super) berth: &'a Berth<'a>,
    pub(super) key: ItemKey,
    pub(super) item: &'a MediaItem,
    pub(super) role: Role,
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Fetched {
    /// It was here already.
    Here(bytes::Bytes),
    /// It is here now.
    Now(Stored),
}

/// Brings one file into the library, unless it is there.
pub(super) async fn transfer(cx: &Context, task: Task<'_>) -> Result<Fetched, TransferError> {
    task.berth.take().await;
    let mut resume = match cx.library.holding(task.key, task.item, task.role).await? {
        Holding::Whole { head } => return Ok(Fetched::Here(head)),
        Holding::Part(resume) => resume,
    };
    if cx.state.is_in_doubt(task.key, task.role, resume.offset) {
        // Whoever cut the body off announced that length; what comes beyond it is the question now.
        resume.length = None;
    }
    let content = cx
        .source
        .open(task.item, task.role, &resume)
        .await
        .map_err(|error| no_longer_fits(error, &resume));
    let content = match content {
        Ok(content) => content,
        Err(error) if error.kind == SourceErrorKind::WrongLength => {
            forget_piece(cx, task).await?;
            return Err(error.into());
        }
        Err(error) if error.kind == SourceErrorKind::EndReached => {
            return complete(cx, task, resume).await.map(Fetched::Now);
        }
        Err(error) => return Err(error.into()),
    };
    check_type(task, content.content_type.as_deref())?;
    tell_started(cx, task, &content);
    receive(cx, task, content).await.map(Fetched::Now)
}

/// A piece from an earlier attempt that the host cannot continue is of no use.
fn no_longer_fits(error: SourceError, resume: &Resume) -> SourceError {
    if resume.offset > 0 {
        error
    } else {
        SourceError {
            kind: kind_without_piece(&error),
            ..error
        }
    }
}

fn kind_without_piece(error: &SourceError) -> SourceErrorKind {
    match &error.kind {
        SourceErrorKind::WrongLength => SourceErrorKind::Unexpected,
        kind => kind.clone(),
    }
}

async fn forget_piece(cx: &Context, task: Task<'_>) -> Result<(), LibraryError> {
    let deposit = cx
        .library
        .deposit(task.key, task.item, task.role, Announcement::default())
        .await?;
    deposit.discard().await
}

/// Nothing more is to come: the piece is the file.
async fn complete(cx: &Context, task: Task<'_>, piece: Resume) -> Result<Stored, TransferError> {
    let announced = Announcement {
        start: piece.offset,
        length: Some(piece.offset),
        etag: piece.etag,
        content_type: None,
    };
    let deposit = cx
        .library
        .deposit(task.key, task.item, task.role, announced.clone())
        .await?;
    check_and_commit(cx, task, &announced, piece.offset, deposit).await
}

fn tell_started(cx: &Context, task: Task<'_>, content: &Content) {
    let Task {
        worker, item, role, ..
    } = task;
    let (resumed_from, length) = (content.start, content.length);
    cx.reporter.report(&Event::TransferStarted {
        worker,
        item,
        role,
        resumed_from,
        length,
    });
}

/// Refuses pages before a byte of them is stored.
fn check_type(task: Task<'_>, content_type: Option<&str>) -> Result<(), SourceError> {
    let Some(content_type) = content_type else {
        return Ok(());
    };
    let is_page =
        content_type.starts_with("text/") || content_type.ends_with("json") || content_type.ends_with("xml");
    if is_page {
        return Err(wrong_content(format!(
            "Google sent a page ({}) instead of the file",
            shown(content_type)
        )));
    }
    if task.role == Role::Clip && !content_type.starts_with("video/") {
        // What a plain photo answers to the question for its moving half.
        return Err(SourceError::new(
            SourceErrorKind::Gone,
            "the photo has no moving half",
        ));
    }
    Ok(())
}

fn shown(content_type: &str) -> String {
    content_type
        .chars()
        .filter(char::is_ascii_graphic)
        .take(60)
        .collect()
}

async fn receive(cx: &Context, task: Task<'_>, mut content: Content) -> Result<Stored, TransferError> {
    let announced = Announcement {
        start: content.start,
        length: content.length,
        etag: content.etag.clone(),
        content_type: content.content_type.clone(),
    };
    let mut deposit = cx
        .library
        .deposit(task.key, task.item, task.role, announced.clone())
        .await?;
    match stream(cx, task, &mut content, deposit.as_mut()).await {
        Ok(received) => check_and_commit(cx, task, &announced, announced.start + received, deposit).await,
        Err(error) => {
            keep_piece(&error, deposit).await?;
            Err(error)
        }
    }
}

/// Keeps what arrived before a connection broke; anything else about the piece is in doubt.
async fn keep_piece(error: &TransferError, deposit: Box<dyn Deposit>) -> Result<(), LibraryError> {
    match error {
        TransferError::Source(error) if error.kind == SourceErrorKind::WrongLength => deposit.discard().await,
        TransferError::Source(_) => deposit.suspend().await,
        TransferError::Library(_) => Ok(()),
    }
}

/// Receives until the body ends, the run is aborted, or more arrives than was announced.
async fn stream(
    cx: &Context,
    task: Task<'_>,
    content: &mut Content,
    deposit: &mut dyn Deposit,
) -> Result<u64, TransferError> {
    let most = content.length.map(|length| length.saturating_sub(content.start));
    let mut received = 0;
    loop {
        let chunk = tokio::select! {
            biased;
            () = cx.shutdown.aborting() => return Err(given_up().into()),
            chunk = content.chunks.next() => chunk,
        };
        let Some(chunk) = chunk.transpose()? else {
            return Ok(received);
        };
        received += chunk.len() as u64;
        if most.is_some_and(|most| received > most) {
            return Err(wrong_length("longer").into());
        }
        cx.state.received(chunk.len() as u64);
        cx.reporter.report(&Event::BytesReceived {
            worker: task.worker,
            bytes: chunk.len() as u64,
        });
        deposit.write(chunk).await?;
    }
}

async fn check_and_commit(
    cx: &Context,
    task: Task<'_>,
    announced: &Announcement,
    length: u64,
    mut deposit: Box<dyn Deposit>,
) -> Result<Stored, TransferError> {
    let inspection = match task.item.known(task.role) {
        // Nothing would be asked of it.
        Some(_) => Inspection {
            head: bytes::Bytes::new(),
            length,
            whole: None,
        },
        None => deposit.inspect().await?,
    };
    match check(cx, task, announced, length, &inspection) {
        Ok(Verdict::Good) => {
            task.berth.leave();
            Ok(deposit.commit().await?)
        }
        Ok(Verdict::Unfinished(error)) => {
            deposit.suspend().await?;
            Err(error.into())
        }
        Err(error) => {
            cx.state.forget_doubt(task.key, task.role);
            deposit.discard().await?;
            Err(error.into())
        }
    }
}

/// What is to be thought of bytes that may be the right ones.
enum Verdict {
    Good,
    /// There may be more of them: the next attempt asks for what follows.
    Unfinished(SourceError),
}

/// Whether the bytes are what they should be.
///
/// A body whose own format says that it is cut off may have lost its end on the way, even if the length announced
/// agrees (it was announced by whoever cut it). But it may also be what the user once uploaded. So the next attempt
/// asks for what follows: if the host says that nothing does, or, where it cannot say, sends the same length once
/// more, then the file is believed. That goes for what came in one piece only.
fn check(
    cx: &Context,
    task: Task<'_>,
    announced: &Announcement,
    length: u64,
    inspection: &Inspection,
) -> Result<Verdict, SourceError> {
    if inspection.length != length || announced.length.is_some_and(|expected| expected < length) {
        return Err(wrong_length("longer"));
    }
    if let Some(known) = task.item.known(task.role) {
        // Their checksum was right: whatever they look like, they are what the user has.
        return if known.size == length {
            Ok(Verdict::Good)
        } else {
            Err(wrong_length("of another length"))
        };
    }
    if length == 0 {
        return Err(wrong_length("empty, which is shorter"));
    }
    if let Some(contradiction) = sniff::contradiction(&inspection.head, mime(task, announced)) {
        return Err(wrong_content(contradiction.to_string()));
    }
    if announced.length.is_some_and(|expected| expected > length) {
        return Ok(Verdict::Unfinished(wrong_length("shorter")));
    }
    if inspection.whole != Some(false) || cx.state.is_in_doubt(task.key, task.role, length) {
        return Ok(Verdict::Good);
    }
    if announced.start > 0 {
        return Err(wrong_content("the pieces of the file do not fit".to_owned()));
    }
    cx.state.doubt(task.key, task.role, length);
    Ok(Verdict::Unfinished(wrong_length("cut off, and so shorter")))
}

/// Google converts some pictures while delivering them, so what the answer says goes before what the list says.
fn mime<'a>(task: Task<'a>, announced: &'a Announcement) -> &'a str {
    let is_media = |mime: &&str| mime.starts_with("image/") || mime.starts_with("video/");
    let listed = if task.role == Role::Clip {
        "video/mp4"
    } else {
        task.item.mime_type.as_str()
    };
    let delivered = announced.content_type.as_deref().filter(is_media);
    match (delivered, task.item.kind, task.role) {
        // The still of a video is a picture too; it must not pass for the video.
        (Some(delivered), MediaKind::Video, _) | (Some(delivered), _, Role::Clip)
            if delivered.starts_with("image/") =>
        {
            listed
        }
        (Some(delivered), ..) => delivered,
        (None, ..) => listed,
    }
}

fn wrong_length(how: &str) -> SourceError {
    SourceError::new(
        SourceErrorKind::WrongLength,
        format!("the file was {how} than announced"),
    )
}

fn wrong_content(message: String) -> SourceError {
    SourceError::new(SourceErrorKind::WrongContent, message)
}

fn given_up() -> SourceError {
    SourceError::new(SourceErrorKind::Interrupted, "the run was interrupted")
}
