//! A layout that does not become a press, as findings: all that the stage which failed has to say, and what the stages before it warned of.
//!
//! In: a [`Layout`], or why there is none. Out: a [`Press`], or [`Mistakes`].
//! Invariant: a warning is told whether or not errors come after it.

use std::sync::Arc;

use super::finding::Finding;
use crate::compile::program::Program;
use crate::compile::{self, Edition};
use crate::diag::{Diagnostic, Diagnostics};
use crate::error::PressError;
use crate::press::Press;
use crate::template::Layout;
use crate::text::Fonts;

/// Why a layout did not become a press.
#[derive(Clone, Debug)]
pub struct Mistakes {
    /// Errors, and the warnings of all stages that came to an end.
    pub findings: Vec<Finding>,
    /// Whether the pages were set; if not, what is wrong with them is yet to be found.
    pub set_pages: bool,
}

/// Compiles `layout` for `edition`, and sets what needs no record.
///
/// # Errors
/// Its mistakes.
pub fn compile(
    layout: Result<Layout, Diagnostics>,
    edition: Edition,
    fonts: &Arc<Fonts>,
) -> Result<Press, Mistakes> {
    let of_source = |Diagnostics(mistakes)| {
        let findings = told("source", &mistakes).collect();
        Mistakes { findings, set_pages: false }
    };
    let program = layout.and_then(|layout| compile::compile(layout, edition, fonts)).map_err(of_source)?;
    let mut findings = warnings(&program);
    Press::new(program).map_err(|error| {
        match error {
            PressError::Layout(errors) => findings.extend(errors.iter().map(Finding::of_static)),
            other => findings.push(Finding::of_static_part(&other)),
        }
        findings.sort_by(|a, b| a.order().cmp(&b.order()));
        Mistakes { findings, set_pages: true }
    })
}

/// What the compiler warned of, and names without use.
pub(super) fn warnings(program: &Program) -> Vec<Finding> {
    // What paper leaves out is used on the screen.
    let unused = if program.edition == Edition::Electronic { program.unused.as_slice() } else { &[] };
    told("source", &program.warnings).chain(told("unused", unused)).collect()
}

fn told(rule: &'static str, diagnostics: &[Diagnostic]) -> impl Iterator<Item = Finding> {
    diagnostics.iter().map(move |diagnostic| Finding::of_source(rule, diagnostic))
}
