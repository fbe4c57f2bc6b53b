//! Where proofs are pulled: faces, layout and records, opened anew as they change.
//!
//! In: the arguments and a [`View`]. Out: a [`Pull`]: pictures with what lies over them, and findings.
//! Invariant: a mistake in the layout or in a record is a finding, never a failure.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use certpress::geom::Size;
use certpress::layout::Trace;
use certpress::page::Document;
use certpress::png::{self, Picture};
use certpress::proof::overlay::{Placed, overlay};
use certpress::proof::{self, Finding, Survey, sheet};
use certpress::record::{self, ReadError};
use certpress::template::Asked;
use certpress::{Fonts, Layout, Press, Record, RenderOptions};

use super::super::failure::Failure;
use super::super::press::sealed_for_proofs;
use super::watch::Stamps;
use super::{Arguments, undrawn};

/// The most records that a browser goes through.
const RECORDS: usize = 500;
/// How much smaller pages are on a sheet.
const TIMES: u32 = 3;

/// What is to be seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct View {
    /// Counted from 0.
    pub(super) record: usize,
    pub(super) dpi: f64,
}

/// A proof that has been pulled.
#[derive(Default)]
pub(super) struct Pull {
    /// None if the layout or the record has mistakes.
    pub(super) pages: Vec<PulledPage>,
    pub(super) findings: Vec<Finding>,
    /// The layout's id.
    pub(super) title: String,
    /// What the record calls itself.
    pub(super) caption: String,
    /// How many records there are, as far as they are gone through.
    pub(super) records: usize,
}

/// One page of a proof.
pub(super) struct PulledPage {
    pub(super) size: Size,
    pub(super) picture: Picture,
    pub(super) placed: Vec<Placed>,
}

pub(super) struct Studio<'a> {
    arguments: &'a Arguments,
    /// The faces, and their files as they were when they were opened.
    fonts: Option<(Arc<Fonts>, Stamps)>,
    asked: Asked,
    /// What the last proof was pulled from.
    bed: Option<Bed>,
}

/// A layout ready to be proofed with its records.
struct Bed {
    press: Press,
    options: RenderOptions,
    records: Vec<Result<Record, ReadError>>,
}

impl<'a> Studio<'a> {
    pub(super) fn new(arguments: &'a Arguments) -> Studio<'a> {
        Studio { arguments, fonts: None, asked: Asked::default(), bed: None }
    }

    /// The faces of the last proof.
    pub(super) fn fonts(&self) -> Option<Arc<Fonts>> {
        self.fonts.as_ref().map(|(fonts, _)| Arc::clone(fonts))
    }

    /// The files that the last proof depends on.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let mut files = self.asked.paths();
        files.push(self.arguments.layout.clone());
        files.extend(self.arguments.records.clone());
        files.extend(self.font_files());
        files
    }

    fn font_files(&self) -> Vec<PathBuf> {
        let folders = self.arguments.fonts.folders(&self.arguments.layout).unwrap_or_default();
        let files = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
        let mut files: Vec<PathBuf> = files.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort();
        files
    }

    /// The faces, opened again if their files have changed.
    fn open_fonts(&mut self) -> Result<Arc<Fonts>, Failure> {
        let stamps = Stamps::of(self.font_files());
        if let Some((fonts, known)) = &self.fonts
            && *known == stamps
        {
            return Ok(Arc::clone(fonts));
        }
        let fonts = Arc::new(self.arguments.fonts.open(&self.arguments.layout)?);
        self.fonts = Some((Arc::clone(&fonts), stamps));
        Ok(fonts)
    }

    /// Opens everything anew and pulls a proof.
    ///
    /// # Errors
    /// What is no mistake of the layout or of a record: no faces, no seal, no such record, a resolution that gives no picture.
    pub(super) fn pull(&mut self, view: View) -> Result<Pull, Failure> {
        self.bed = None;
        match self.open()? {
            Ok(bed) => {
                self.has(&bed, view.record)?;
                self.bed.insert(bed).pull(view)
            }
            Err(findings) => Ok(Pull { findings, ..Pull::default() }),
        }
    }

    /// What all records show of the layout that the last proof was pulled from: nothing if there is none, or if `may_go_on` says no.
    pub(super) fn survey(&self, mut may_go_on: impl FnMut() -> bool) -> Option<Vec<Finding>> {
        let Bed { press, options, records } = self.bed.as_ref()?;
        let mut survey = Survey::new(press);
        for (index, record) in records.iter().enumerate() {
            if !may_go_on() {
                return None;
            }
            match record {
                Ok(record) => drop(survey.see(record, row(record, index), options)),
                Err(error) => survey.unreadable(error),
            }
        }
        Some(survey.finish())
    }

    /// Refuses to show a record that there is not.
    fn has(&self, bed: &Bed, record: usize) -> Result<(), Failure> {
        let (number, count) = (record + 1, bed.records.len());
        match &self.arguments.records {
            Some(path) if record >= count => {
                let message = format!("there is no record {number}, {} has {count}", path.display());
                Err(Failure::new(message, "records are counted from 1, and a heading is none"))
            }
            None if record > 0 => {
                Err(Failure::new(format!("there is no record {number}"), "name records after the layout"))
            }
            _ => Ok(()),
        }
    }

    /// Proofs of so many records, the first ones, their pages made smaller, of one state of the files.
    ///
    /// # Errors
    /// As [`Studio::pull`].
    pub(super) fn pull_first(&mut self, records: usize, dpi: f64) -> Result<Vec<Pull>, Failure> {
        match self.open()? {
            Ok(bed) => {
                let records = records.min(bed.records.len().max(1));
                let mut pulls = Vec::with_capacity(records);
                for record in 0..records {
                    let mut pull = bed.pull(View { record, dpi })?;
                    // At their full size they would fill the memory.
                    for PulledPage { picture, .. } in &mut pull.pages {
                        *picture = picture.shrunk(TIMES);
                        sheet::check(records, picture.width, picture.height).map_err(|e| undrawn(&e))?;
                    }
                    pulls.push(pull);
                }
                Ok(pulls)
            }
            Err(findings) => Ok(vec![Pull { findings, ..Pull::default() }]),
        }
    }

    /// The layout compiled and the records read, or what is wrong with the layout.
    fn open(&mut self) -> Result<Result<Bed, Vec<Finding>>, Failure> {
        let fonts = self.open_fonts()?;
        let arguments = self.arguments;
        self.asked = Asked::default();
        let layout = Layout::open_noting(&arguments.layout, &self.asked);
        let press = match proof::compile(layout, arguments.edition, &fonts) {
            Ok(press) => press,
            Err(mistakes) => return Ok(Err(mistakes.findings)),
        };
        let press = sealed_for_proofs(press, &arguments.seal, &arguments.password)?;
        let options = arguments.read.options(arguments.records.as_deref())?;
        Ok(Ok(Bed { press, options, records: self.records()? }))
    }

    fn records(&self) -> Result<Vec<Result<Record, ReadError>>, Failure> {
        let Some(path) = &self.arguments.records else { return Ok(Vec::new()) };
        let unreadable =
            |e: ReadError| Failure::new(format!("the records in {}: {}", path.display(), e.message), e.hint);
        // A browser goes through the first ones; what was asked for by its number is read as well.
        let asked = self.arguments.sheet.map_or(RECORDS, NonZeroUsize::get);
        let most = RECORDS.max(asked).max(self.arguments.record.get());
        Ok(record::open(path).map_err(unreadable)?.take(most).collect())
    }
}

impl Bed {
    fn pull(&self, view: View) -> Result<Pull, Failure> {
        let Bed { press, options, records } = self;
        let mut pull = Pull { title: press.id().to_owned(), records: records.len(), ..Pull::default() };
        let mut survey = Survey::new(press);
        let (document, trace) = match records.get(view.record) {
            None => (press.bare(), Trace::default()),
            Some(record) => {
                pull.caption = caption(record, view.record);
                let set = match record {
                    Ok(record) => survey.see(record, row(record, view.record), options),
                    Err(error) => {
                        survey.unreadable(error);
                        None
                    }
                };
                let Some(set) = set else {
                    pull.findings = survey.finish();
                    return Ok(pull);
                };
                set
            }
        };
        pull.findings = survey.finish();
        pull.pages = pages(press, &document, &trace, view)?;
        Ok(pull)
    }
}

fn row(record: &Record, index: usize) -> u64 {
    record.row().unwrap_or(index as u64 + 1)
}

/// A record's place, and who or what it is about.
fn caption(record: &Result<Record, ReadError>, index: usize) -> String {
    let name = record
        .as_ref()
        .ok()
        .and_then(|record| ["name", "姓名", "number", "title"].iter().find_map(|field| record.get(field)));
    match name {
        Some(name) => format!("{} {name}", index + 1),
        None => (index + 1).to_string(),
    }
}

fn pages(press: &Press, document: &Document, trace: &Trace, view: View) -> Result<Vec<PulledPage>, Failure> {
    let seals = press.seal_artworks();
    let options = png::Options { dpi: view.dpi, seals: &seals };
    let pages = document.pages.par_iter().enumerate().map(|(index, page)| {
        let picture = png::page(document, index, &options).map_err(|e| undrawn(&e))?;
        let placed = overlay(document, index, press.bare_trace(), trace);
        Ok(PulledPage { size: document.master.pages[page.master].size, picture, placed })
    });
    pages.collect()
}
