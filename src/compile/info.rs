//! `title`, `author`, `subject` and `metadata` to what each document says about itself.

use std::sync::Arc;

use super::Compiler;
use super::expression::content::Content;
use super::expression::names::{Binding, Metadata, Names};
use super::program::InfoPlan;
use crate::diag::{Diagnostic, nearest};
use crate::licence::metadata;
use crate::page::Standing;
use crate::template::source::SourceText;
use crate::template::tree::{Child, Node};
use crate::template::vocabulary::Tag;

impl Compiler<'_> {
    /// `names` are those that the metadata themselves are made of; title, author and subject may use the metadata as well.
    pub(super) fn info(&mut self, nodes: &[Node], title: &str, names: &Names) -> (InfoPlan, Metadata) {
        let seen = Arc::new(names.clone());
        let entries = nodes.iter().filter(|n| n.tag() == Tag::Entry);
        let metadata: Metadata = entries.filter_map(|node| self.entry(node, &seen)).collect();

        let mut names = names.clone();
        names.bind("metadata", Binding::Metadata(Arc::clone(&metadata)));
        let seen = Arc::new(names);
        let nothing = || Content::literal("", self.root_span.clone());
        let mut info = InfoPlan {
            title: Content::literal(title, self.root_span.clone()),
            author: nothing(),
            subject: nothing(),
        };
        for node in nodes.iter().filter(|n| n.tag() != Tag::Entry) {
            let Some(content) = self.only_content(node, &seen) else { continue };
            match node.tag() {
                Tag::Title => info.title = content,
                Tag::Author => info.author = content,
                _ => info.subject = content,
            }
        }
        (info, metadata)
    }

    /// A metadata entry; one with a mistake, which is reported, says nothing.
    fn entry(&mut self, node: &Node, names: &Arc<Names>) -> Option<(String, Arc<Content>)> {
        let name = node.value("name")?;
        if name.text == Standing::KEY {
            let message = format!("every file says by itself what it is: {}", Standing::KEY);
            self.report.push(Diagnostic::error(name.whole(), message).hint("remove the entry"));
        }
        let item = metadata::item_named(&name.text);
        if item.is_none() && !name.text.starts_with(metadata::EXTENSION) {
            let known = metadata::ITEMS.iter().map(|item| item.name);
            let hint = match nearest(&name.text, known) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("names of your own begin with {}", metadata::EXTENSION),
            };
            let message = format!("no metadata of GB/T 36903 have this name: {}", name.text);
            self.report.push(Diagnostic::warning(name.whole(), message).hint(hint));
        }
        let content =
            self.only_content(node, names).unwrap_or_else(|| Content::literal("", node.span.clone()));
        let literal = content.as_literal().filter(|text| !text.is_empty());
        if let (Some(item), Some(text)) = (item, literal)
            && let Err(error) = metadata::check_one(item, text)
        {
            let told = Diagnostic::error(content.span.clone(), error.to_string());
            self.report.push(if error.hint.is_empty() { told } else { told.hint(error.hint) });
        }
        Some((name.text.clone(), Arc::new(content)))
    }

    /// The text of an element that holds nothing else, without the white space around it.
    fn only_content(&mut self, node: &Node, names: &Arc<Names>) -> Option<Content> {
        let text = node.children.iter().find_map(|child| match child {
            Child::Text(text) => Some(text),
            Child::Node(_) => None,
        });
        let Some(text) = text else { return Some(Content::literal("", node.span.clone())) };
        let trimmed = text.text.trim();
        let start = text.text.len() - text.text.trim_start().len();
        let span = text.at(start..start + trimmed.len());
        let content = SourceText { text: trimmed.to_owned(), span };
        self.expressions.content(&content, names, &mut self.report)
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

    /// A layout with these `lets` and `metadata` and one text, or all that there is to say about it.
    fn layout(lets: &str, metadata: &str, text: &str) -> Result<Program, String> {
        let fonts = Arc::new(Fonts::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts")).unwrap());
        let source = format!(
            "<layout id='t' font='song' size='9pt'>{lets}<fields><field name='number' type='text'/>\
             <field name='day' type='date'/></fields><metadata>{metadata}</metadata>\
             <page size='A5'><text>{text}</text></page></layout>"
        );
        let told = |d: &[crate::diag::Diagnostic]| -> Vec<String> {
            d.iter().map(|d| format!("{} ({})", d.message, d.hints.join("; "))).collect()
        };
        let program = Layout::from_text("t.xml", &source)
            .and_then(|layout| compile(layout, Edition::Electronic, &fonts))
            .map_err(|diagnostics| told(&diagnostics.0).join("\n"))?;
        if program.warnings.is_empty() { Ok(program) } else { Err(told(&program.warnings).join("\n")) }
    }

    #[test]
    fn pages_print_metadata_as_they_travel() {
        let entries =
            "<entry name='ZZBH'>样{{ number }}</entry><entry name='ZZBFRQ'>{{ day | date_compact }}</entry>";
        let text = "{{ metadata.ZZBH }}、{{ metadata.ZZBFRQ | int + 1 }}{% if metadata.ZZBH == '样7' %}。{% endif %}";
        let program = layout("", entries, text).unwrap();
        let record = Record::new().with("number", "7").with("day", "2026-03-05");
        let entry = program.schema.bind(&record, &BindOptions::default()).unwrap();
        let ElementKind::Text(plan) = &program.pages[0].elements[0].kind else { unreachable!() };
        let scope = Scope::new(&program, &entry);
        let said: String = plan.pieces.iter().map(|p| p.content.eval(&scope).unwrap().into_owned()).collect();
        assert_eq!(said, "样7、20260306。");
    }

    #[test]
    fn a_name_outside_the_standard_is_warned_of() {
        let told = |name: &str| layout("", &format!("<entry name='{name}'>1</entry>"), "a").map(drop);
        assert_eq!(told("KZ_X"), Ok(()));
        let near = "no metadata of GB/T 36903 have this name: ZZBHH (did you mean ZZBH?)";
        assert_eq!(told("ZZBHH"), Err(near.into()));
        let own =
            "no metadata of GB/T 36903 have this name: number_of_copies (names of your own begin with KZ_)";
        assert_eq!(told("number_of_copies"), Err(own.into()));
    }

    #[test]
    fn metadata_made_of_metadata_are_refused() {
        let expected = "metadata may not depend on themselves (an entry or a let cannot use metadata; write what they are made of)";
        let entry = layout("", "<entry name='ZZBH'>{{ metadata.ZZMC }}</entry>", "a");
        assert_eq!(entry.map(drop), Err(expected.into()));
        let by_let =
            layout("<let name='x' value='{{ metadata.ZZBH }}1'/>", "<entry name='ZZBH'>{{ x }}</entry>", "a");
        assert_eq!(by_let.map(drop), Err(expected.into()));
    }

    #[test]
    fn an_entry_that_is_not_there_is_told() {
        let told =
            |text: &str| layout("", "<entry name='ZZBH'>{{ number }}</entry>", text).map(drop).unwrap_err();
        assert_eq!(told("{{ metadata.ZZBS }}"), "metadata has no attribute: ZZBS (did you mean ZZBH?)");
        let alone = "metadata is no text by itself (write metadata. and one of ZZBH)";
        assert_eq!(told("{{ metadata }}"), alone);
        assert_eq!(told("{{ metadata }}。{{ number }}"), alone);
    }

    #[test]
    fn what_the_layout_alone_says_wrong_is_told_at_once() {
        let told = layout("", "<entry name='ZZBFRQ'>2026-03-05</entry>", "a").map(drop).unwrap_err();
        assert!(told.contains("ZZBFRQ (证照颁发日期) is not a date: 2026-03-05"), "{told}");
    }
}
