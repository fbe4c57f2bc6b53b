//! Rows of lists in expressions: which names stand for a row, and which of its values is asked for.
//!
//! In: the tokens of expressions and statements, in the order of the text. Out: fields of lists, by which attributes are
//! checked and decimals printed with their digits.

use std::ops::Range;

use super::names::{Binding, Names};
use super::segments::Token;
use crate::record::{Field, FieldKind, Schema};

/// The names that loops have given to the rows of lists so far, with each list's index; the last of one name counts.
#[derive(Default)]
pub(in crate::compile) struct LoopRows(Vec<(String, usize)>);

impl LoopRows {
    /// Takes note of `for row in list`, if the statement is one.
    pub(in crate::compile) fn see(
        &mut self,
        statement: &[(Token, Range<usize>)],
        names: &Names,
        schema: &Schema,
    ) {
        if let [
            (Token::Word("for"), _),
            (Token::Word(row), _),
            (Token::Word("in"), _),
            (Token::Word(list), _),
            ..,
        ] = *statement
            && let Some(list) = list_named(list, names, schema)
        {
            self.0.push((row.to_owned(), list));
        }
    }

    /// Whether an expression is a whole row, such as `row`, `list[0]` or `list | first`, which is no text.
    pub(in crate::compile) fn is_row(
        &self,
        tokens: &[(Token, Range<usize>)],
        names: &Names,
        schema: &Schema,
    ) -> bool {
        let words: Vec<Token> = tokens.iter().take(5).map(|(token, _)| *token).collect();
        match words[..] {
            [Token::Word(row)] => {
                self.0.iter().any(|(name, _)| name == row) || names.get(row).and_then(row_of).is_some()
            }
            [Token::Word(list), Token::Sign("|"), Token::Word("first" | "last")]
            | [Token::Word(list), Token::Sign("["), Token::Number(_), Token::Sign("]")] => {
                list_named(list, names, schema).is_some()
            }
            _ => false,
        }
    }

    /// Of `row.column` or `list[0].column`, which begins at token `from`: the list's fields and the token of the column.
    pub(in crate::compile) fn column<'s>(
        &self,
        tokens: &[(Token, Range<usize>)],
        from: usize,
        names: &Names,
        schema: &'s Schema,
    ) -> Option<(&'s [Field], usize)> {
        let words: Vec<Token> = tokens[from..].iter().take(6).map(|(token, _)| *token).collect();
        let (list, column) = match words[..] {
            [Token::Word(row), Token::Sign("."), Token::Word(_), ..] => {
                let here = self.0.iter().rev().find(|(name, _)| name == row).map(|(_, list)| *list);
                (here.or_else(|| row_of(names.get(row)?))?, from + 2)
            }
            [
                Token::Word(list),
                Token::Sign("["),
                Token::Number(_),
                Token::Sign("]"),
                Token::Sign("."),
                Token::Word(_),
            ] => (list_named(list, names, schema)?, from + 5),
            _ => return None,
        };
        Some((schema.fields[list].columns(), column))
    }
}

/// The index of the list that `name` stands for.
pub(in crate::compile) fn list_named(name: &str, names: &Names, schema: &Schema) -> Option<usize> {
    match names.get(name)? {
        Binding::Field(index) => {
            matches!(schema.fields[*index].kind, FieldKind::List { .. }).then_some(*index)
        }
        _ => None,
    }
}

/// The list that `binding` stands for a row of.
fn row_of(binding: &Binding) -> Option<usize> {
    match binding {
        Binding::Row(list) => Some(*list),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use crate::compile::expression::scope::Scope;
    use crate::compile::program::{ElementKind, Program};
    use crate::compile::{Edition, compile};
    use crate::record::{BindOptions, Record};
    use crate::template::Layout;
    use crate::text::Fonts;

    const SCORES: &str = "<field name='scores' type='list' max='3'><field name='subject' label='科目' type='text'/>\
         <field name='score' type='decimal'/><field name='on' type='date'/></field>";

    /// The layout of one text, or what is wrong with it.
    fn program(fields: &str, text: &str) -> Result<Program, String> {
        let fonts = Fonts::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts")).unwrap();
        let source = format!(
            "<layout id='t' font='song' size='9pt'><fields>{fields}</fields><page size='A5'><text>{text}</text></page></layout>"
        );
        let told = |d: &crate::diag::Diagnostic| format!("{} ({})", d.message, d.hints.join("; "));
        Layout::from_text("t.xml", &source)
            .and_then(|layout| compile(layout, Edition::Electronic, &Arc::new(fonts)))
            .map_err(|diagnostics| diagnostics.0.iter().map(told).collect::<Vec<_>>().join("\n"))
    }

    /// What `text` says of two rows: 语文 85.50 and 数学 9.
    fn says(text: &str) -> String {
        let program = program(SCORES, text).unwrap();
        assert!(program.warnings.is_empty(), "{:?}", program.warnings);
        let row = |subject: &str, score: &str, on: &str| {
            Record::new().with("subject", subject).with("score", score).with("on", on)
        };
        let rows = vec![row("语文", "85.50", "2026-03-05"), row("数学", "9", "")];
        let record = Record::new().with("scores", rows);
        let entry = program.schema.bind(&record, &BindOptions::default()).unwrap();
        let ElementKind::Text(plan) = &program.pages[0].elements[0].kind else { unreachable!() };
        let scope = Scope::new(&program, &entry);
        plan.pieces.iter().map(|p| p.content.eval(&scope).unwrap().into_owned()).collect()
    }

    #[test]
    fn rows_are_read_by_number_and_in_loops() {
        assert_eq!(says("{{ scores | length }}门"), "2门");
        assert_eq!(says("{{ scores[1].subject }}"), "数学");
        assert_eq!(
            says("{% for s in scores %}{{ s.subject }}{{ s.on | default('缺') }}{% endfor %}"),
            "语文2026年3月5日数学缺"
        );
        assert_eq!(says("{{ scores[7].subject }}。"), "。");
    }

    #[test]
    fn a_decimal_of_a_row_prints_its_digits_and_is_computed_with() {
        assert_eq!(says("{% for s in scores %}{{ s.score }} {% endfor %}"), "85.50 9 ");
        assert_eq!(says("{{ scores[0].score }}"), "85.50");
        assert_eq!(says("{{ scores[0].score + 9 }}"), "94.5");
        let passed = "{% for s in scores %}{% if s.score >= 60 %}{{ s.subject }}{% endif %}{% endfor %}";
        assert_eq!(says(passed), "语文");
    }

    #[test]
    fn a_mistake_in_the_name_of_a_rows_field_is_told() {
        let told = |text| program(SCORES, text).unwrap_err();
        let expected = "a row has no field: subjct (did you mean subject?)";
        assert_eq!(told("{{ scores[0].subjct }}"), expected);
        assert_eq!(told("{% for s in scores %}{{ s.subjct }}{% endfor %}"), expected);
        assert_eq!(told("{% for s in scores if s.subjct %}1{% endfor %}"), expected);
        assert!(told("{{ scores.subject }}").starts_with("scores has no attribute: subject"));
    }

    #[test]
    fn a_list_by_itself_is_not_printed() {
        let expected =
            "a list cannot be printed: scores (write scores | length, or print its rows one by one)";
        assert_eq!(program(SCORES, "{{ scores }}").unwrap_err(), expected);
        assert_eq!(program(SCORES, "{{ scores }}{% if scores %}1{% endif %}").unwrap_err(), expected);
    }

    #[test]
    fn a_row_by_itself_is_not_printed() {
        let row = "a row cannot be printed (name one of its fields: row.score, (scores | first).score)";
        for text in
            ["{{ scores[0] }}", "{{ scores | first }}", "第{{ scores | last }}{% if 1 %}。{% endif %}"]
        {
            assert_eq!(program(SCORES, text).unwrap_err(), row, "{text}");
        }
        assert_eq!(program(SCORES, "{% for s in scores %}{{ s }}{% endfor %}").unwrap_err(), row);
        assert!(
            program(SCORES, "{{ scores | join('、') }}")
                .unwrap_err()
                .starts_with("rows are no texts to join")
        );
        assert_eq!(says("{{ (scores | first).subject }}{{ (scores | last).subject }}"), "语文数学");
    }

    #[test]
    fn what_a_list_may_not_be_is_told() {
        let told = |fields: &str| program(fields, "a").unwrap_err();
        let list = |inside: &str| told(&format!("<field name='a' type='list'>{inside}</field>"));
        insta::assert_snapshot!(
            [
                list(""),
                list("<field name='b' type='list'><field name='c' type='date'/></field>"),
                list("<field name='b' type='date'/><field name='c' label='b' type='date'/>"),
                list("<field name='b' type='date'/><field name='b' type='date'/>"),
                told("<field name='a' type='text'><field name='b' type='date'/></field>"),
                told("<field name='a' type='list' max='0'><field name='b' type='date'/></field>"),
                told("<field name='a' type='list' max='100001'><field name='b' type='date'/></field>"),
                told("<field name='a' type='list' default='x'><field name='b' type='date'/></field>"),
                told("<field name='a' type='list'><field name='b' type='date' default='x'/></field>"),
            ]
            .join("\n")
        );
    }
}
