//! `when`: conditions, decided at once where no record is needed.
//!
//! In: an expression without braces. Out: a [`Verdict`]; the plain comparisons that layouts are full of need no interpreter.

use std::sync::Arc;

use super::content::{Condition, PageUse, Test};
use super::names::{Binding, Evaluation, Names};
use super::scope::Facts;
use super::segments::{Token, tokens};
use super::{Expressions, doubtful};
use crate::diag::Diagnostic;
use crate::record::FieldKind;
use crate::template::report::Report;
use crate::template::source::SourceText;

/// What a condition comes to.
#[derive(Debug)]
pub(in crate::compile) enum Verdict {
    /// It holds for every record.
    Always,
    /// It holds for none.
    Never,
    /// The record decides.
    Depends(Condition),
}

impl Expressions {
    /// A `when`: an expression without braces.
    pub(in crate::compile) fn condition(
        &self,
        text: &SourceText,
        names: &Arc<Names>,
        report: &mut Report,
    ) -> Verdict {
        let all = 0..text.text.len();
        if text.text.trim_start().starts_with("{{") {
            let error = Diagnostic::error(text.whole(), "a condition stands without braces");
            report.push(error.hint("write when=\"field == 'text'\""));
            return Verdict::Always;
        }
        if let Some(test) = self.simple_test(text, names, report) {
            return Verdict::Depends(Condition { test, page: PageUse::None, span: text.whole() });
        }
        let Some((expression, uses)) = self.compile(text, &all, &all, text.text.clone(), names, report)
        else {
            return Verdict::Always;
        };
        let samples = expression
            .eval(Names::context(names, &Evaluation::new(&self.samples, Facts::default())))
            .map(|v| v.is_true());
        match samples {
            Ok(holds) if uses.is_static() => {
                return if holds { Verdict::Always } else { Verdict::Never };
            }
            Ok(_) => {}
            Err(error) => report.push(doubtful(text.whole(), &error, uses.is_static())),
        }
        Verdict::Depends(Condition {
            test: Test::Expression(expression, Arc::clone(names)),
            page: uses.page,
            span: text.whole(),
        })
    }

    /// The tests that need no interpreter: `field`, `not field`, `field == 'text'`, `field != 'text'`.
    fn simple_test(&self, text: &SourceText, names: &Arc<Names>, report: &mut Report) -> Option<Test> {
        let field = |name: &str| match self.used.get(names, name)? {
            Binding::Field(index) => Some(*index),
            _ => None,
        };
        let tokens = tokens(&text.text);
        let words: Vec<Token> = tokens.iter().map(|(t, _)| *t).collect();
        match words[..] {
            [Token::Word(name)] => Some(Test::Given(field(name)?, true)),
            [Token::Word("not"), Token::Word(name)] => Some(Test::Given(field(name)?, false)),
            [Token::Word(name), Token::Sign(sign @ ("==" | "!=")), Token::Text(wanted)]
                if !wanted.contains('\\') =>
            {
                let index = field(name)?;
                let kind = &self.schema.fields[index].kind;
                if matches!(
                    kind,
                    FieldKind::Date
                        | FieldKind::Integer { .. }
                        | FieldKind::Decimal { .. }
                        | FieldKind::Image { .. }
                        | FieldKind::List { .. }
                ) {
                    return None;
                }
                if let FieldKind::Choice(choices) = kind
                    && !choices.iter().any(|c| c == wanted)
                {
                    let message = format!("{name} is never: {wanted}");
                    let warning = Diagnostic::warning(text.at(tokens[2].1.clone()), message);
                    report.push(warning.hint(format!("its values are {}", choices.join(", "))));
                }
                Some(Test::Equals(index, wanted.to_owned(), sign == "=="))
            }
            _ => None,
        }
    }
}
