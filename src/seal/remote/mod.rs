//! A signer elsewhere: a sign server (GM/T 0029), a card (GM/T 0018), a token (PKCS #11), whose exchanges may be slow or fail.
//!
//! In: digests from any number of threads, and a [`Transport`] of the caller's. Out: checked signatures, or [`SignError::Unavailable`] when the
//! deadline has passed.
//! Invariant: every digest gets one answer; a signature is handed on only if it holds for the digest that was asked, so that an answer that
//! comes late, twice or for another question does no harm. Threads that wait are the callers'; those that talk are the signer's own,
//! so that no pool of workers can lock itself up.
//!
//! ```text
//! sign_digests ─▶ queue (bounded) ─▶ in_flight threads, each with a session: up to `batch` digests a call ─▶ check ─▶ answer
//!                                          ▲── wrong, missing or no answers: a new session, after a pause ──┘
//! ```

mod desk;
mod retry;

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::signer::{Limits, RawSignature, SealSigner, SignError};
use crate::crypto::sm2::{FastVerifyingKey, Nonce};
use crate::crypto::sm3::Digest;
use crate::crypto::x509::{Certificate, X509Error};
use desk::{Desk, Request};
pub use retry::Retry;

/// How long a caller waits beyond the deadline for a session that keeps to it.
const GRACE: Duration = Duration::from_millis(500);
/// How often a full queue is looked at.
const QUEUE_PAUSE: Duration = Duration::from_millis(1);

/// Opens sessions with the device or server that holds the key.
pub trait Transport: Send + Sync + 'static {
    /// Opens a session: a connection, a login. Called by each of the signer's threads when it needs one.
    ///
    /// # Errors
    /// [`SignError::Fatal`] where it will never open; anything else is tried again.
    fn open(&self) -> Result<Box<dyn Session>, SignError>;
}

/// One session, used by one thread. After any error, and after any answer that does not hold, it is dropped and another is opened, so that what was
/// on its way in the old one is never taken for an answer in the new.
pub trait Session {
    /// Signs each of `e`, in one exchange: the answers stand in the same order, as many as were asked. Gives up after `within`.
    ///
    /// # Errors
    /// The exchange failed as a whole. [`SignError::Fatal`] refuses all of `e`; anything else is tried again.
    fn sign(
        &mut self,
        e: &[Digest],
        nonce: Nonce,
        within: Duration,
    ) -> Result<Vec<Result<RawSignature, SignError>>, SignError>;
}

/// A [`SealSigner`] over a [`Transport`].
///
/// A digest that was answered wrongly, or not at all, is asked again: the server may then sign it twice, but a certificate takes one signature, and
/// is written once.
#[derive(Debug)]
pub struct RemoteSigner {
    certificate: Vec<u8>,
    chain: Vec<Vec<u8>>,
    limits: Limits,
    retry: Retry,
    queue: SyncSender<Request>,
}

impl RemoteSigner {
    /// Signs through `transport` with the key of `certificate` (DER), issued under `chain`. Starts `limits.in_flight` threads, which end when the
    /// signer is dropped.
    ///
    /// # Errors
    /// The certificate cannot be read, or is not of an SM2 key.
    pub fn new(
        transport: impl Transport,
        certificate: Vec<u8>,
        chain: Vec<Vec<u8>>,
        limits: Limits,
        retry: Retry,
    ) -> Result<RemoteSigner, X509Error> {
        let limits = Limits { batch: limits.batch.max(1), in_flight: limits.in_flight.max(1) };
        let key = Arc::new(FastVerifyingKey::new(Certificate::parse(&certificate)?.sm2_key()?));
        // One call's worth waits for each that is in flight.
        let waiting = limits.in_flight.saturating_mul(limits.batch).min(4096);
        let (queue, requests) = mpsc::sync_channel(waiting);
        let requests: Arc<Mutex<Receiver<Request>>> = Arc::new(Mutex::new(requests));
        let transport: Arc<dyn Transport> = Arc::new(transport);
        for i in 0..limits.in_flight {
            let desk = Desk {
                transport: Arc::clone(&transport),
                requests: Arc::clone(&requests),
                key: Arc::clone(&key),
                batch: limits.batch,
                retry: retry.clone(),
            };
            // Without this thread there are fewer calls in flight; without any, every digest is answered by the deadline.
            let _ = thread::Builder::new().name(format!("sign-{i}")).spawn(move || desk.serve());
        }
        Ok(RemoteSigner { certificate, chain, limits, retry, queue })
    }

    /// Puts a request into the queue, when there is room.
    fn submit(&self, mut request: Request) -> Result<(), SignError> {
        loop {
            match self.queue.try_send(request) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(back)) if Instant::now() < back.deadline => {
                    request = back;
                    thread::sleep(QUEUE_PAUSE);
                }
                Err(_) => {
                    return Err(SignError::Unavailable("no session is free within the deadline".into()));
                }
            }
        }
    }
}

impl SealSigner for RemoteSigner {
    fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    fn chain_der(&self) -> &[Vec<u8>] {
        &self.chain
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn sign_digests(&self, e: &[Digest], nonce: Nonce) -> Vec<Result<RawSignature, SignError>> {
        let deadline = Instant::now() + self.retry.deadline;
        let asked = e.iter().map(|e| {
            let (answer, answered) = mpsc::sync_channel(1);
            self.submit(Request { e: *e, nonce, deadline, answer }).map(|()| answered)
        });
        // All are asked before the first is waited for.
        let asked: Vec<Result<Receiver<desk::Answer>, SignError>> = asked.collect();
        let until = deadline + GRACE;
        let answer = |asked: Result<Receiver<desk::Answer>, SignError>| match asked?
            .recv_timeout(until.saturating_duration_since(Instant::now()))
        {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                Err(SignError::Unavailable("no answer within the deadline".into()))
            }
            Err(RecvTimeoutError::Disconnected) => {
                Err(SignError::Unavailable("the session ended without an answer".into()))
            }
        };
        asked.into_iter().map(answer).collect()
    }
}
