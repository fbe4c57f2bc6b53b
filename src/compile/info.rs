//! `title`, `author`, `subject` and `metadata` to what each document says about itself.

use std::sync::Arc;

use super::Compiler;
use super::content::Content;
use super::program::InfoPlan;
use super::scope::Names;
use crate::template::source::SourceText;
use crate::template::tree::{Child, Node};
use crate::template::vocabulary::Tag;

impl Compiler<'_> {
    pub(super) fn info(
        &mut self,
        metadata: &[Node],
        title: &str,
        names: &Arc<Names>,
    ) -> (InfoPlan, Vec<(String, Content)>) {
        let nothing = || Content::literal("", self.root_span.clone());
        let mut info = InfoPlan {
            title: Content::literal(title, self.root_span.clone()),
            author: nothing(),
            subject: nothing(),
        };
        let mut entries = Vec::new();
        for node in metadata {
            let Some(content) = self.only_content(node, names) else { continue };
            match node.tag() {
                Tag::Title => info.title = content,
                Tag::Author => info.author = content,
                Tag::Subject => info.subject = content,
                _ => entries.extend(node.value("name").map(|name| (name.text.clone(), content))),
            }
        }
        (info, entries)
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
