//! What a worker does: some records rendered together, their files staged.
//!
//! In: tasks. Out: for each what it came to: its row, the line for the manifest, its staged files.
//! Invariant: a record that fails, or on which the press panics, costs no other record anything.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sha2::{Digest as _, Sha256};

use super::error::BatchError;
use super::row::{FileRow, Format, Problem, Row, Status};
use super::run::Batch;
use super::sink::Sink;
use super::task::{Stopped, Task, Work};
use crate::crypto::hex;
use crate::crypto::sm3::{self, Message};
use crate::seal::SealError;
use crate::{Certificate, Press, RenderError};

/// What a worker did.
pub(super) struct Finished<F> {
    pub(super) row: Row,
    /// The row's line in the manifest.
    pub(super) line: Vec<u8>,
    pub(super) files: Vec<F>,
}

/// What the press made of a record.
type Rendered = Result<Result<Certificate, RenderError>, Panicked>;

/// The press panicked on a record.
struct Panicked;

impl Batch<'_> {
    /// Renders some records and stages their files.
    pub(super) fn work<S: Sink>(
        &self,
        tasks: Vec<Task>,
        sink: &S,
    ) -> Vec<Result<Finished<S::Staged>, BatchError>> {
        let rendered = self.render(&tasks);
        let digests = self.sm3(&rendered);
        let mut rendered = rendered.into_iter().zip(digests);
        let finished = tasks.into_iter().map(|Task { mut row, work }| {
            let files = match work {
                Err(Stopped(Some(fault))) => return Err(fault),
                Err(Stopped(None)) => Vec::new(),
                Ok(work) => {
                    let rendered =
                        rendered.next().expect("each record that was to be rendered has an answer");
                    self.stage(work, rendered, &mut row, sink)?
                }
            };
            Ok(Finished { line: row.to_line(), row, files })
        });
        finished.collect()
    }

    /// Renders those records for which there is something to be done, those of one press together.
    fn render(&self, tasks: &[Task]) -> Vec<Rendered> {
        // A panic is a mistake of ours; it must not take the other records with it. The press is never changed, so none sees
        // it half changed.
        let guarded = |press: &Press, works: &[&Work]| {
            let records = works.iter().map(|work| &work.record);
            catch_unwind(AssertUnwindSafe(|| press.render_all(records, self.options))).map_err(|_| Panicked)
        };
        let works: Vec<&Work> = tasks.iter().filter_map(|task| task.work.as_ref().ok()).collect();
        let mut rendered = Vec::with_capacity(works.len());
        for works in works.chunk_by(|a, b| std::ptr::eq(a.press, b.press)) {
            let press = works[0].press;
            match guarded(press, works) {
                Ok(certificates) => rendered.extend(certificates.into_iter().map(Ok)),
                // Each by itself, so that only the one at fault fails.
                Err(Panicked) => rendered.extend(works.iter().map(|work| {
                    let mut certificates = guarded(press, &[work])?;
                    Ok(certificates.pop().expect("there is an answer for each record"))
                })),
            }
        }
        rendered
    }

    /// The SM3 of each file, OFD and PDF, if the manifest is to tell it: of all at once, which takes a fifth of the time.
    fn sm3(&self, rendered: &[Rendered]) -> Vec<[Option<sm3::Digest>; 2]> {
        if !self.sm3 {
            return vec![[None, None]; rendered.len()];
        }
        let messages: Vec<Message<'_>> =
            rendered.iter().flat_map(files).flatten().map(Message::new).collect();
        let mut digests = sm3::digest_all(&messages).into_iter();
        rendered
            .iter()
            .map(|rendered| files(rendered).map(|file| file.and_then(|_| digests.next())))
            .collect()
    }

    /// Stages a record's files, or notes in its row why there are none.
    fn stage<S: Sink>(
        &self,
        Work { press, name, .. }: Work,
        (rendered, sm3): (Rendered, [Option<sm3::Digest>; 2]),
        row: &mut Row,
        sink: &S,
    ) -> Result<Vec<S::Staged>, BatchError> {
        let certificate = match rendered {
            Ok(Err(RenderError::Seal(source))) if hinders_all(&source) => {
                return Err(BatchError::Seal { row: row.row, source });
            }
            Ok(rendered) => rendered.map_err(|error| problems(&error)),
            Err(Panicked) => Err(vec![
                Problem::new("internal", "the press failed on this record; the cause is on stderr")
                    .hint("this is a mistake in certpress: please report it with the record"),
            ]),
        };
        let certificate = match certificate {
            Ok(certificate) => certificate,
            Err(problems) => {
                row.errors = problems;
                return Ok(Vec::new());
            }
        };
        row.warnings = certificate.warnings().iter().map(Problem::from).collect();
        let name = match name {
            Ok(name) => name,
            Err(problem) => {
                row.errors.push(problem);
                return Ok(Vec::new());
            }
        };
        row.time = Some(certificate.time().to_string());
        row.seals = press.seal_ids().map(str::to_owned).collect();
        row.metadata = certificate.metadata().to_vec();
        let (ofd, pdf) = certificate.into_files();
        let mut files = Vec::new();
        for ((format, bytes), sm3) in [(Format::Ofd, ofd), (Format::Pdf, pdf)].into_iter().zip(sm3) {
            let Some(bytes) = bytes else { continue };
            let name = format!("{name}.{}", format.extension());
            row.files.push(FileRow {
                format,
                name: name.clone(),
                bytes: bytes.len() as u64,
                sha256: hex(&Sha256::digest(&bytes)),
                sm3: sm3.map(|digest| hex(&digest)),
            });
            let staged = sink.stage(&name, bytes);
            files.push(staged.map_err(|source| BatchError::Write { place: sink.place(&name), source })?);
        }
        row.status = Status::Done;
        Ok(files)
    }
}

/// OFD and PDF, as far as there are any.
fn files(rendered: &Rendered) -> [Option<&[u8]>; 2] {
    match rendered {
        Ok(Ok(certificate)) => [certificate.ofd(), certificate.pdf()],
        _ => [None, None],
    }
}

/// Whether `error` is about the seal and its signer, who see nothing of a record but digests: then the next records would fail as well.
fn hinders_all(error: &SealError) -> bool {
    use SealError::{NotValidAt, Signer, WrongSignature, WrongTimestamp};
    matches!(error, NotValidAt { .. } | Signer(_) | WrongSignature(_) | WrongTimestamp)
}

/// A record's error as rows of the manifest.
fn problems(error: &RenderError) -> Vec<Problem> {
    match error {
        RenderError::Fields(errors) => errors.iter().map(Problem::from).collect(),
        RenderError::Layout(error) => vec![Problem::from(&**error)],
        other => vec![Problem::new(other.code(), other.to_string())],
    }
}
