//! What a rule found, and where.

use serde::Serialize;

use super::rule::Rule;

/// What came of a rule in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is as the rule says.
    Holds,
    /// It is odd, and worth telling; nothing follows from it.
    Notice,
    /// Nobody here can tell.
    Unknown,
    /// Something is there that no signature covers.
    Uncovered,
    /// It is not as the rule says.
    Fails,
    /// It asks for more than verification gives.
    Resource,
    /// It cannot be read in one way only, or not at all.
    Malformed,
}

/// One rule's answer in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which rule.
    #[serde(flatten)]
    pub rule: &'static Rule,
    /// What came of it.
    pub outcome: Outcome,
    /// The part, object or field; empty where the whole file is meant.
    pub place: String,
    /// What was found there.
    pub found: String,
    /// What should have been; empty where the rule says it all.
    pub expected: String,
}

/// Findings as they are made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    /// Adds a finding with all it says.
    pub(crate) fn add(
        &mut self,
        rule: &'static Rule,
        outcome: Outcome,
        place: &str,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) {
        let (found, expected) = (found.into(), expected.into());
        self.0.push(Finding { rule, outcome, place: place.to_owned(), found, expected });
    }

    /// The rule holds at `place`; `found` may say what is there.
    pub(crate) fn holds(&mut self, rule: &'static Rule, place: &str, found: impl Into<String>) {
        self.add(rule, Outcome::Holds, place, found, "");
    }

    /// Something odd that changes nothing.
    pub(crate) fn notice(&mut self, rule: &'static Rule, place: &str, found: impl Into<String>) {
        self.add(rule, Outcome::Notice, place, found, "");
    }

    /// Nobody can tell: why.
    pub(crate) fn unknown(&mut self, rule: &'static Rule, place: &str, why: impl Into<String>) {
        self.add(rule, Outcome::Unknown, place, why, "");
    }

    /// It is not as the rule says.
    pub(crate) fn fails(
        &mut self,
        rule: &'static Rule,
        place: &str,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) {
        self.add(rule, Outcome::Fails, place, found, expected);
    }

    /// What was found, in the order of finding.
    pub(crate) fn into_vec(self) -> Vec<Finding> {
        self.0
    }
}

impl Finding {
    /// Whether nothing follows from it: the rule holds, or something is odd and no more.
    pub fn is_good(&self) -> bool {
        matches!(self.outcome, Outcome::Holds | Outcome::Notice)
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Finding { rule, place, found, expected, .. } = self;
        write!(f, "{}", rule.id)?;
        for (word, text) in [("", place), ("found ", found), ("expected ", expected)] {
            if !text.is_empty() {
                write!(f, ": {word}{text}")?;
            }
        }
        Ok(())
    }
}
