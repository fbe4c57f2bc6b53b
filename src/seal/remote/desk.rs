//! One of a remote signer's threads: takes what waits, asks, checks, asks again.

use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use super::retry::Retry;
use super::{Session, Transport};
use crate::crypto::sm2::{FastVerifyingKey, Nonce, Signature};
use crate::crypto::sm3::Digest;
use crate::seal::signer::{RawSignature, SignError};

/// What a digest gets.
pub(super) type Answer = Result<RawSignature, SignError>;

/// A digest that waits for its signature.
pub(super) struct Request {
    pub(super) e: Digest,
    pub(super) nonce: Nonce,
    pub(super) deadline: Instant,
    /// Has room for the answer, so that answering never waits.
    pub(super) answer: SyncSender<Answer>,
}

impl Request {
    fn finish(self, answer: Answer) {
        // Who asked may have gone.
        let _ = self.answer.try_send(answer);
    }
}

/// A thread's view of the signer.
pub(super) struct Desk {
    pub(super) transport: Arc<dyn Transport>,
    pub(super) requests: Arc<Mutex<Receiver<Request>>>,
    pub(super) key: Arc<FastVerifyingKey>,
    pub(super) batch: usize,
    pub(super) retry: Retry,
}

impl Desk {
    /// Answers requests until the signer is dropped.
    pub(super) fn serve(self) {
        let mut session = None;
        let mut left = None;
        while let Some(first) = left.take().or_else(|| self.wait()) {
            let (requests, other) = self.gather(first);
            left = other;
            self.answer(requests, &mut session);
        }
    }

    /// The next request; `None` when no more can come. Whoever holds the lock waits for all.
    fn wait(&self) -> Option<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
    }

    /// `first` and what else waits, as much as goes into one call; and one that came too, but wants another kind of nonce.
    fn gather(&self, first: Request) -> (Vec<Request>, Option<Request>) {
        let nonce = first.nonce;
        let mut requests = vec![first];
        // Where another thread waits with the lock held, the queue is empty.
        let Ok(queue) = self.requests.try_lock() else { return (requests, None) };
        while requests.len() < self.batch {
            match queue.try_recv() {
                Ok(next) if next.nonce == nonce => requests.push(next),
                Ok(other) => return (requests, Some(other)),
                Err(_) => break,
            }
        }
        (requests, None)
    }

    /// Asks until every request has its answer.
    fn answer(&self, mut requests: Vec<Request>, session: &mut Option<Box<dyn Session>>) {
        let mut failed = 0;
        let mut why = String::from("there was no time to ask");
        loop {
            let now = Instant::now();
            let (late, waiting): (Vec<_>, Vec<_>) = requests.into_iter().partition(|r| r.deadline <= now);
            late.into_iter().for_each(|request| request.finish(unavailable(&why, failed)));
            requests = waiting;
            // They came at about the same time: the first one's deadline is everybody's.
            let Some(deadline) = requests.iter().map(|request| request.deadline).min() else { return };
            if failed == self.retry.attempts {
                requests.into_iter().for_each(|request| request.finish(unavailable(&why, failed)));
                return;
            }
            match self.exchange(&requests, deadline, session) {
                Err(SignError::Fatal(refused)) => {
                    *session = None;
                    requests.into_iter().for_each(|r| r.finish(Err(SignError::Fatal(refused.clone()))));
                    return;
                }
                Err(error) => {
                    why = error.to_string();
                    *session = None;
                }
                Ok(answers) => {
                    let mut again = Vec::new();
                    for (request, answer) in requests.into_iter().zip(answers) {
                        match self.judge(&request.e, answer) {
                            Ok(signature) => request.finish(Ok(signature)),
                            Err(SignError::Fatal(refused)) => request.finish(Err(SignError::Fatal(refused))),
                            Err(error) => {
                                why = error.to_string();
                                again.push(request);
                            }
                        }
                    }
                    requests = again;
                    if !requests.is_empty() {
                        *session = None;
                    }
                }
            }
            failed += 1;
            if let Some(first) = requests.first()
                && failed < self.retry.attempts
            {
                let pause = self.retry.pause_after(failed, &first.e);
                thread::sleep(pause.min(deadline.saturating_duration_since(Instant::now())));
            }
        }
    }

    /// One exchange about all of `requests`, in the session at hand or a new one.
    fn exchange(
        &self,
        requests: &[Request],
        deadline: Instant,
        session: &mut Option<Box<dyn Session>>,
    ) -> Result<Vec<Answer>, SignError> {
        let session = match session {
            Some(session) => session,
            none => none.insert(self.transport.open()?),
        };
        let digests: Vec<Digest> = requests.iter().map(|request| request.e).collect();
        let within = deadline.saturating_duration_since(Instant::now());
        let nonce = requests.first().map(|request| request.nonce).unwrap_or_default();
        let answers = session.sign(&digests, nonce, within)?;
        if answers.len() != digests.len() {
            let message =
                format!("{} digests were asked for, and {} answers came", digests.len(), answers.len());
            return Err(SignError::Retryable(message));
        }
        Ok(answers)
    }

    /// The answer, if it is a signature over `e` by the certificate's key.
    fn judge(&self, e: &Digest, answer: Answer) -> Answer {
        let raw = answer?;
        let holds = Signature::from_raw(&raw.0).is_ok_and(|signature| self.key.verify_digest(e, &signature));
        if holds { Ok(raw) } else { Err(SignError::Retryable("the signature does not hold".into())) }
    }
}

fn unavailable(why: &str, asked: u32) -> Answer {
    Err(SignError::Unavailable(format!("asked {asked} times, at last: {why}")))
}
