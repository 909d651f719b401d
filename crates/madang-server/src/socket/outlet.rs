//! One device's connection, as two writers share it: the hub's thread, which
//! writes whole blocks without waiting, and the device's own task, which
//! drains what the connection did not take at once and answers pings.
//!
//! Every write is of whole frames, so blocks never cut into each other. A
//! device that lets more than a mebibyte wait is cut off; it comes back and
//! catches up from the log.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};

use bytes::{Buf, Bytes};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes that may wait for a slow device.
const PATIENCE: usize = 1 << 20;

/// How a connection ended, or that it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Blocks are held back until the welcome is out.
    Greeting,
    Open,
    /// What waits is written, then the connection is closed.
    Closing,
    Gone,
}

/// The shared connection.
pub struct Outlet {
    inner: Mutex<Inner>,
}

struct Inner {
    io: TokioIo<Upgraded>,
    waiting: VecDeque<Bytes>,
    waiting_bytes: usize,
    /// Bytes that may wait besides, because they were offered.
    granted: usize,
    state: State,
    /// Wakes the device's task.
    waker: Waker,
}

impl Outlet {
    pub fn new(io: TokioIo<Upgraded>) -> Arc<Outlet> {
        let inner = Inner {
            io,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            granted: 0,
            state: State::Greeting,
            waker: Waker::noop().clone(),
        };
        Arc::new(Outlet { inner: Mutex::new(inner) })
    }

    /// Writes a block of whole frames, or lets it wait.
    pub fn send(&self, block: &Bytes) {
        self.send_counted(block, &AtomicU64::new(0));
    }

    /// Writes a block that is large and may be left out; answers whether it was taken. It is not held against the device
    /// that so much waits, but nothing more of that kind is taken before most of it is out.
    pub fn offer(&self, block: &Bytes) -> bool {
        let mut inner = self.inner.lock();
        if !inner.takes_more() {
            return false;
        }
        inner.granted = block.len();
        inner.write(block, &AtomicU64::new(0));
        true
    }

    /// Whether `offer` would take a block.
    pub fn takes_more(&self) -> bool {
        self.inner.lock().takes_more()
    }

    /// As `send`, and counts the writes it makes at once, each before it is made.
    pub fn send_counted(&self, block: &Bytes, writes: &AtomicU64) {
        let mut inner = self.inner.lock();
        match inner.state {
            State::Greeting => inner.wait(block.clone()),
            State::Open => inner.write(block, writes),
            State::Closing | State::Gone => {}
        }
    }

    /// Writes the welcome, and after it everything that was held back.
    pub fn welcome(&self, block: Bytes) {
        let mut inner = self.inner.lock();
        if inner.state == State::Greeting {
            inner.waiting_bytes += block.len();
            inner.waiting.push_front(block);
            inner.state = State::Open;
            inner.drain();
        }
    }

    /// Writes last frames and closes.
    pub fn close(&self, last: &[Bytes]) {
        let mut inner = self.inner.lock();
        if matches!(inner.state, State::Greeting | State::Open) {
            if inner.state == State::Greeting {
                // What was held back means nothing without a welcome before it.
                inner.waiting.clear();
                inner.waiting_bytes = 0;
            }
            for block in last {
                inner.waiting_bytes += block.len();
                inner.waiting.push_back(block.clone());
            }
            inner.state = State::Closing;
            inner.drain();
            inner.waker.wake_by_ref();
        }
    }

    /// Remembers the task to wake and writes on. Ready once the connection is over.
    pub fn poll_over(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.inner.lock();
        if !inner.waker.will_wake(cx.waker()) {
            inner.waker = cx.waker().clone();
        }
        inner.drain();
        match inner.state {
            State::Gone => Poll::Ready(()),
            State::Closing if inner.waiting.is_empty() => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }
}

impl Inner {
    fn takes_more(&self) -> bool {
        self.state == State::Open && self.waiting_bytes < PATIENCE / 4
    }

    fn wait(&mut self, block: Bytes) {
        self.waiting_bytes += block.len();
        self.waiting.push_back(block);
        if self.waiting_bytes > PATIENCE + self.granted {
            self.give_up();
        }
    }

    fn give_up(&mut self) {
        self.state = State::Gone;
        self.waiting.clear();
        self.waiting_bytes = 0;
        self.waker.wake_by_ref();
    }

    fn write(&mut self, block: &Bytes, writes: &AtomicU64) {
        if !self.waiting.is_empty() {
            return self.wait(block.clone());
        }
        match self.try_write(block, writes) {
            Ok(taken) if taken == block.len() => {}
            Ok(taken) => self.wait(block.slice(taken..)),
            Err(_) => self.give_up(),
        }
    }

    /// Writes what waits until the connection takes no more.
    fn drain(&mut self) {
        if matches!(self.state, State::Greeting | State::Gone) {
            return;
        }
        while let Some(mut block) = self.waiting.pop_front() {
            match self.try_write(&block, &AtomicU64::new(0)) {
                Ok(taken) => {
                    self.waiting_bytes -= taken;
                    if taken < block.len() {
                        block.advance(taken);
                        self.waiting.push_front(block);
                        return;
                    }
                }
                Err(_) => return self.give_up(),
            }
        }
        self.granted = 0;
        // Gives back what a burst had needed.
        self.waiting.shrink_to(8);
    }

    /// Writes without waiting. When the connection is full, the device's task
    /// is woken as soon as it is not.
    fn try_write(&mut self, block: &[u8], writes: &AtomicU64) -> io::Result<usize> {
        let Inner { io, waker, .. } = self;
        let mut cx = Context::from_waker(waker);
        let mut taken = 0;
        while taken < block.len() {
            writes.fetch_add(1, Ordering::Relaxed);
            match Pin::new(&mut *io).poll_write(&mut cx, &block[taken..]) {
                Poll::Ready(Ok(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(Ok(count)) => taken += count,
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => break,
            }
        }
        // TLS keeps records back until it is flushed.
        match Pin::new(&mut *io).poll_flush(&mut cx) {
            Poll::Ready(Err(error)) => Err(error),
            _ => Ok(taken),
        }
    }
}

/// The device's own side: reads, and writes pongs through the same outlet.
pub struct Inlet(pub Arc<Outlet>);

impl AsyncRead for Inlet {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0.inner.lock().io).poll_read(cx, buf)
    }
}

impl AsyncWrite for Inlet {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.0.send(&Bytes::copy_from_slice(buf));
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0.inner.lock().io).poll_shutdown(cx)
    }
}
