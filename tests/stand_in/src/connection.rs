//! Accepting connections, and ending them the hard way where a fault asks for it.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::google::Google;
use crate::router;
use crate::wire::ResetFlag;

/// Serves until told to stop, then closes the listener and every connection. Whoever holds the other end of
/// `stopped` learns by its loss that all of them are closed.
pub(crate) async fn accept_all(
    listener: TcpListener,
    google: Arc<Google>,
    mut stop: oneshot::Receiver<()>,
    stopped: mpsc::Sender<()>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stop => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => {
                    google.journal.connection();
                    connections.spawn(serve(socket, Arc::clone(&google)));
                }
                // Accepting fails only for want of file descriptors; then the next one may find some free.
                Err(_) => tokio::task::yield_now().await,
            },
        }
    }
    drop(listener);
    connections.shutdown().await;
    drop(stopped);
}

async fn serve(socket: TcpStream, google: Arc<Google>) {
    // Failing to switch off delayed sending costs speed, not correctness.
    let _ = socket.set_nodelay(true);
    let reset = ResetFlag::default();
    let line = Line {
        socket,
        reset: Arc::clone(&reset),
    };
    let service = service_fn(move |request| router::answer(Arc::clone(&google), request, Arc::clone(&reset)));
    // A connection that ends badly does so on purpose or because the client left; neither concerns the server.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(line), service)
        .await;
}

/// A socket that sends a reset instead of an orderly end when its flag is set.
struct Line {
    socket: TcpStream,
    reset: ResetFlag,
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Acquire) {
            // Without it the end is orderly, which the fault's own tests would notice.
            let _ = self.socket.set_zero_linger();
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.reset.load(Ordering::Acquire) {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
