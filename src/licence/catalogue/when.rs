//! The conditions by which a catalogue chooses.
//!
//! In: an expression, and what a record says under the names in it. Out: whether it holds.
//! Invariant: an expression that takes too long or fails for a record is an error, never a choice.

use std::sync::{Arc, LazyLock};

use minijinja::{Environment, Expression, UndefinedBehavior};
use serde::Deserialize;
use thiserror::Error;

/// What one evaluation may cost, in instructions.
const FUEL: u64 = 5_000;

static INTERPRETER: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    // What a record does not say is empty, and false.
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment
});

/// A minijinja expression over the texts of a record.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Condition {
    expression: Arc<Expression<'static, 'static>>,
    names: Vec<String>,
}

/// Why a condition does not parse, or fails for a record.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the condition {0}")]
pub struct ConditionError(String);

impl TryFrom<String> for Condition {
    type Error = ConditionError;

    fn try_from(source: String) -> Result<Condition, ConditionError> {
        let expression = INTERPRETER
            .compile_expression_owned(source)
            .map_err(|e| ConditionError(format!("does not parse: {}", said(&e))))?;
        let globals: Vec<&str> = INTERPRETER.globals().map(|(name, _)| name).collect();
        let mut names: Vec<String> = expression.undeclared_variables(false).into_iter().collect();
        names.retain(|name| !globals.contains(&name.as_str()));
        names.sort();
        Ok(Condition { expression: Arc::new(expression), names })
    }
}

impl Condition {
    /// The names that it uses, sorted.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether it holds where `text` is what a record says under a name.
    ///
    /// # Errors
    /// It fails for these texts.
    pub fn holds<'a>(&self, text: impl Fn(&str) -> Option<&'a str>) -> Result<bool, ConditionError> {
        let given = self.names.iter().filter_map(|name| Some((name.as_str(), text(name)?)));
        let value = self.expression.eval(minijinja::Value::from_pairs(given));
        value.map(|v| v.is_true()).map_err(|e| ConditionError(format!("fails: {}", said(&e))))
    }
}

fn said(error: &minijinja::Error) -> String {
    error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(source: &str) -> Condition {
        Condition::try_from(source.to_owned()).unwrap()
    }

    fn holds(source: &str) -> bool {
        let text =
            |name: &str| [("level", "副高级"), ("scope", "")].iter().find(|g| g.0 == name).map(|g| g.1);
        condition(source).holds(text).unwrap()
    }

    #[test]
    fn it_compares_what_the_record_says() {
        for source in
            ["level in ['正高级', '副高级']", "level == '副高级' and not scope", "not no_such_column", "true"]
        {
            assert!(holds(source), "{source}");
        }
        for source in ["level == '中级'", "scope", "level and scope"] {
            assert!(!holds(source), "{source}");
        }
    }

    #[test]
    fn the_names_in_it_are_known_before_any_record_comes() {
        assert_eq!(
            condition("level == '中级' and scope | length > 3 and range(3)").names(),
            ["level", "scope"]
        );
    }

    #[test]
    fn what_does_not_parse_or_never_ends_is_an_error() {
        assert!(Condition::try_from("level = '中级'".to_owned()).is_err());
        let endless = condition("range(100000) | map('string') | join | length > 0");
        assert!(endless.holds(|_| None).is_err());
    }
}
