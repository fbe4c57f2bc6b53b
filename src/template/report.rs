//! All mistakes of a layout, each told once.

use crate::diag::{Diagnostic, Severity};

/// The most mistakes of one severity told at once: warnings never crowd out an error.
const MAX_DIAGNOSTICS: usize = 200;

/// What has been found so far.
#[derive(Debug, Default)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Adds `diagnostic`, unless it has been told already, such as by a part that is used twice.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let alike = self.diagnostics.iter().filter(|d| d.severity == diagnostic.severity);
        if alike.count() < MAX_DIAGNOSTICS && !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds all of `diagnostics`.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        diagnostics.into_iter().for_each(|d| self.push(d));
    }

    /// Whether the layout cannot be compiled.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// All of them, in the order of the files' first mention and of the lines within.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut files: Vec<String> = Vec::new();
        for d in &self.diagnostics {
            if !files.contains(&d.span.source.name) {
                files.push(d.span.source.name.clone());
            }
        }
        let mut sorted = self.diagnostics;
        sorted.sort_by_key(|d| (files.iter().position(|f| *f == d.span.source.name), d.span.range.start));
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::source::nowhere;

    #[test]
    fn the_same_mistake_is_told_once() {
        let mut report = Report::default();
        report.extend([Diagnostic::error(nowhere("a"), "x"), Diagnostic::error(nowhere("a"), "x")]);
        assert_eq!(report.into_diagnostics().len(), 1);
    }

    #[test]
    fn an_error_after_any_number_of_warnings_is_told() {
        let mut report = Report::default();
        report.extend((0..1000).map(|i| Diagnostic::warning(nowhere("a"), i.to_string())));
        report.push(Diagnostic::error(nowhere("a"), "x"));
        assert!(report.has_errors());
        assert_eq!(report.into_diagnostics().len(), MAX_DIAGNOSTICS + 1);
    }
}
