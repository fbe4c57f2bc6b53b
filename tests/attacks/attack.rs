//! A row of a table: how to forge a file, and what must be said of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use certpress::verify::{self, Outcome, Verdict};

use super::originals::{Originals, new_policy, originals, policy};

/// Files up to so many bytes are verified again by one who remembers nothing.
const LARGEST_TWIN: usize = 300_000;

/// How a file is forged, and what must be said of it.
pub(crate) struct Attack {
    pub(crate) name: &'static str,
    make: fn(&Originals) -> Vec<u8>,
    verdict: Verdict,
    /// The rule that finds it.
    rule: &'static str,
    /// What the place of the finding contains.
    place: &'static str,
}

/// A forgery whose finding may stand at any place.
pub(crate) const fn attack(
    name: &'static str,
    make: fn(&Originals) -> Vec<u8>,
    verdict: Verdict,
    rule: &'static str,
) -> Attack {
    Attack::new(name, make, verdict, rule, "")
}

impl Attack {
    pub(crate) const fn new(
        name: &'static str,
        make: fn(&Originals) -> Vec<u8>,
        verdict: Verdict,
        rule: &'static str,
        place: &'static str,
    ) -> Attack {
        Attack { name, make, verdict, rule, place }
    }

    /// The file.
    pub(crate) fn forge(&self) -> Vec<u8> {
        (self.make)(originals())
    }

    /// The rules that say anything but that they hold; or what is wrong with the answer.
    pub(crate) fn judge(&self) -> Result<Vec<&'static str>, String> {
        let made = catch_unwind(AssertUnwindSafe(|| self.forge()));
        let forged = made.map_err(|_| format!("{}: it cannot be forged", self.name))?;
        let answer = catch_unwind(AssertUnwindSafe(|| verify::file(&forged, policy())));
        let report = answer.map_err(|_| format!("{}: verification panicked", self.name))?;
        // Bombs are left out, which take their time.
        if forged.len() < LARGEST_TWIN && report != verify::file(&forged, &new_policy()) {
            return Err(format!("{}: the answer depends on what was verified before", self.name));
        }
        let bad: Vec<_> = report
            .all_findings()
            .filter(|f| !matches!(f.outcome, Outcome::Holds | Outcome::Notice))
            .collect();
        let found = bad.iter().any(|f| f.rule.id == self.rule && f.place.contains(self.place));
        if report.verdict == self.verdict && found {
            let broken = report.all_findings().filter(|f| f.outcome != Outcome::Holds);
            return Ok(broken.map(|f| f.rule.id).collect());
        }
        let told: Vec<String> = bad
            .iter()
            .map(|f| format!("    {:?} {} {}: {}", f.outcome, f.rule.id, f.place, f.found))
            .collect();
        let wanted = format!("{} by {} at “{}”", self.verdict, self.rule, self.place);
        Err(format!("{}: {}, not {wanted}\n{}", self.name, report.verdict, told.join("\n")))
    }
}
