//! What all records of a layout show, gathered: each thing once, with how many records show it and where it is worst.
//!
//! In: records, one after another. Out: [`Finding`]s in the order of the source.

use std::collections::BTreeMap;

use super::common::Common;
use super::finding::{Finding, Said, Tally};
use super::ink::Gauge;
use super::mistakes::warnings;
use super::proofreader::Proofreader;
use super::unknown::Unknown;
use super::{archive, marks, space, words};
use crate::diag::{Severity, Span};
use crate::error::RenderError;
use crate::layout::{Placement, Trace};
use crate::page::{Document, Timestamp};
use crate::press::{Press, RenderOptions};
use crate::record::Record;

/// So many settings at least tell what most of them take.
const SAMPLE: u64 = 4;
/// More than this part of what a ladder allows is much.
const MUCH: f64 = 0.5;

/// A layout under survey.
pub struct Survey<'p> {
    press: &'p Press,
    /// By rule, place, and the place of what it is about besides.
    gathered: BTreeMap<(&'static str, Place, Option<Place>), Gathered>,
    /// How often words were set at a place.
    shown: BTreeMap<Place, u64>,
    failed: Vec<Finding>,
    records: u64,
    /// By rule and what was found: in how many records, and in which first.
    breaches: BTreeMap<(&'static str, String), (u64, u64)>,
    proofreader: Proofreader,
    unknown: Unknown,
    common: Common,
}

/// A place in the source, in an order of its own.
type Place = (String, usize);

/// Something seen once.
pub(super) struct Seen<'a> {
    pub(super) rule: &'static str,
    pub(super) placement: &'a Placement,
    pub(super) other: Option<&'a Placement>,
    pub(super) measure: Measure,
}

/// How bad it is.
pub(super) struct Measure {
    /// The more, the worse.
    pub(super) worse: f64,
    /// In words.
    pub(super) told: String,
}

/// Something seen, perhaps in many records.
struct Gathered {
    span: Span,
    other: Option<Span>,
    /// How often it was much of it.
    much: u64,
    /// Rows count; the layout's own page is none.
    records: u64,
    last: Option<u64>,
    worst: Measure,
    row: u64,
}

impl<'p> Survey<'p> {
    /// Begins with what the layout alone shows.
    pub fn new(press: &'p Press) -> Survey<'p> {
        let mut survey = Survey {
            press,
            gathered: BTreeMap::new(),
            shown: BTreeMap::new(),
            failed: Vec::new(),
            records: 0,
            breaches: BTreeMap::new(),
            proofreader: Proofreader::new(),
            unknown: Unknown::default(),
            common: Common::default(),
        };
        let alone = press.bare();
        survey.look(&alone, &Trace::default(), None);
        survey
    }

    /// Looks at one record, which is row `row` of its file, and hands its pages on; none if it has mistakes, of which the survey has taken
    /// note.
    pub fn see(&mut self, record: &Record, row: u64, options: &RenderOptions) -> Option<(Document, Trace)> {
        self.records += 1;
        self.unknown.look(self.press.schema(), record, row);
        let time = options.time.unwrap_or_else(Timestamp::now);
        let set = self.press.bind(record, options).and_then(|entry| self.press.trace(&entry, time, options));
        let seen = set.and_then(|(document, trace)| {
            self.look(&document, &trace, Some(row));
            self.common.look(&document, row);
            self.proofreader.read(self.press, &document, &trace, Some(row))?;
            Ok((document, trace))
        });
        seen.map_err(|error| self.refuse(&error, row)).ok()
    }

    /// Without records: reads back what `record` makes, whose values are made up, so that only the page is judged by it. One that
    /// does not suit the layout says nothing.
    pub fn imagine(&mut self, record: &Record, options: &RenderOptions) {
        let time = options.time.unwrap_or_else(Timestamp::now);
        let set = self.press.bind(record, options).and_then(|entry| self.press.trace(&entry, time, options));
        let _ = set.and_then(|(document, trace)| self.proofreader.read(self.press, &document, &trace, None));
    }

    /// Writes and seals the pages of row `row`, and looks whether both files are fit for archives.
    pub fn archive(&mut self, document: &Document, row: u64, options: &RenderOptions) {
        let time = options.time.unwrap_or_else(Timestamp::now);
        let press = self.press;
        let written = press.write_ofd(document).and_then(|ofd| Ok((ofd, press.write_pdf(document)?)));
        let files = written.and_then(|(ofd, pdf)| press.seal(Some(ofd), Some(pdf), time, options));
        match files {
            Ok(files) => {
                let ofd = files.ofd.iter().flat_map(|ofd| archive::ofd(ofd));
                for breach in ofd.chain(files.pdf.iter().flat_map(|pdf| archive::pdf(pdf))) {
                    let says = format!("archives ask that {}: {}", breach.rule.says, breach.found);
                    self.breaches.entry((breach.rule.id, says)).or_insert((0, row)).0 += 1;
                }
            }
            Err(error) => self.refuse(&error, row),
        }
    }

    /// Takes note of a row that could not be read.
    pub fn unreadable(&mut self, error: &crate::record::ReadError) {
        self.records += 1;
        self.failed.push(Finding::of_reading(error));
    }

    fn refuse(&mut self, error: &RenderError, row: u64) {
        self.failed.extend(Finding::of_render(error, row));
    }

    fn look(&mut self, document: &Document, trace: &Trace, row: Option<u64>) {
        let press = self.press;
        let (statics, fonts) = (press.bare_trace(), &press.program().fonts);
        let mut gauge = Gauge::new(document);
        for index in 0..document.pages.len() {
            let patches = gauge.page(index, statics, trace);
            let mut seen = space::look(document, index, (statics, trace), &patches, row.is_none());
            let here = patches.iter().filter(|patch| patch.is_static == row.is_none());
            for patch in here {
                *self.shown.entry(place(&patch.placement.span)).or_default() += 1;
                seen.extend(words::look(patch.placement, fonts));
            }
            let page = &document.pages[index];
            let master = &document.master.pages[page.master];
            let items: Vec<_> = match row {
                None => master.background.iter().chain(&master.foreground).collect(),
                Some(_) => page.items.iter().collect(),
            };
            let trace = if row.is_none() { statics } else { trace };
            seen.extend(items.into_iter().filter_map(|item| marks::look(trace.of(item)?)));
            seen.into_iter().for_each(|seen| self.gather(seen, row));
        }
    }

    fn gather(&mut self, seen: Seen<'_>, row: Option<u64>) {
        let other = seen.other.map(|other| other.span.clone());
        let key = (seen.rule, place(&seen.placement.span), other.as_ref().map(place));
        let gathered = self.gathered.entry(key).or_insert_with(|| Gathered {
            span: seen.placement.span.clone(),
            other,
            much: 0,
            records: 0,
            last: None,
            worst: Measure { worse: f64::MIN, told: String::new() },
            row: 0,
        });
        gathered.much += u64::from(seen.measure.worse > MUCH);
        if row.is_some() && gathered.last != row {
            gathered.records += 1;
            gathered.last = row;
        }
        if seen.measure.worse > gathered.worst.worse {
            gathered.worst = seen.measure;
            gathered.row = row.unwrap_or(0);
        }
    }

    /// All there is to say: what the compiler warned of, names without use, what was seen, then the records that failed.
    pub fn finish(self) -> Vec<Finding> {
        let mut findings = warnings(self.press.program());
        for ((rule, place, _), gathered) in &self.gathered {
            let shown = self.shown.get(place).copied().unwrap_or(0);
            findings.extend(gathered.finding(rule, self.records, shown));
        }
        findings.extend(self.proofreader.finish());
        findings.sort_by(|a, b| a.order().cmp(&b.order()));
        findings.extend(self.unknown.finish(self.records));
        findings.extend(self.common.finish(self.press.schema(), self.records));
        for ((rule, message), (records, row)) in self.breaches {
            let said = Said { severity: Severity::Error, span: None, message, hints: Vec::new() };
            let tally = Some(Tally { records, of: self.records, row });
            findings.push(Finding { rule, said, field: None, tally });
        }
        findings.extend(self.failed);
        findings
    }
}

fn place(span: &Span) -> Place {
    (span.source.name.clone(), span.range.start)
}

impl Gathered {
    /// What is said of it after so many `records`, in which words were set there `shown` times.
    fn finding(&self, rule: &'static str, records: u64, shown: u64) -> Option<Finding> {
        let is_static = self.records == 0;
        let tally = (!is_static).then_some(Tally { records: self.records, of: records, row: self.row });
        let times = match tally {
            None => String::new(),
            Some(_) if records == 1 => String::new(),
            Some(Tally { records, of, .. }) => format!(" in {records} of {of} records"),
        };
        let worst = match tally {
            Some(Tally { row, .. }) => format!("{}, row {row}", self.worst.told),
            None => self.worst.told.clone(),
        };
        let told = |what: &str| format!("{what}{times}: {worst}");
        let often = shown >= SAMPLE && self.much * 2 > shown;
        let other = self.other.as_ref().map(|span| format!("{span:?}"));
        let (severity, message, hint) = match rule {
            "fitted" if is_static => (
                Severity::Warning,
                told("the layout's own words do not fit at their size"),
                "give them more room, or the size that they get".into(),
            ),
            "fitted" if often => (
                Severity::Warning,
                told("most words take much of their fit ladder"),
                "the ladder is for exceptions: give the box more room, or the text a smaller size".into(),
            ),
            "fitted" => (Severity::Note, told("words were made to fit"), String::new()),
            "fit-exhausted" => (
                Severity::Warning,
                told("words fit only at the end of the ladder"),
                "a longer value will be refused: give the box more room, or fit another step".into(),
            ),
            "small-print" => (
                Severity::Warning,
                told("print too small to read"),
                "6pt is the least on paper: give it more room, or let it wrap".into(),
            ),
            "other-face" if is_static => (
                Severity::Warning,
                told("the face lacks characters of the layout's own words"),
                "they will look different: choose a face that has them, `certpress fonts` tells which".into(),
            ),
            "other-face" => (Severity::Note, told("characters come from another face"), String::new()),
            "mark-nearly-full" => (
                Severity::Warning,
                told("the mark is nearly full"),
                "longer values will be refused: give it a larger size, a lower level or shorter content"
                    .into(),
            ),
            "text-overlap" => (
                Severity::Warning,
                told("words stand on other words"),
                format!("the others are at {}", other.unwrap_or_default()),
            ),
            "text-on-mark" => (
                Severity::Warning,
                told("words stand in the light margin of a mark"),
                format!(
                    "four modules around it stay free, or phones miss it: the mark is at {}",
                    other.unwrap_or_default()
                ),
            ),
            "seal-on-mark" => (
                Severity::Warning,
                told("a seal stands on the mark"),
                "phones may miss it: move one of them".into(),
            ),
            "text-off-page" => (
                Severity::Warning,
                told("words reach beyond the paper"),
                "move them in, or give them a width".into(),
            ),
            _ => return None,
        };
        let hints = Some(hint).filter(|hint| !hint.is_empty()).into_iter().collect();
        let said = Said { severity, span: Some(self.span.clone()), message, hints };
        Some(Finding { rule, said, field: None, tally })
    }
}
