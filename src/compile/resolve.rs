//! A chain of layouts becomes one: what each overrides of those it extends.
//!
//! In: the trees of the chain, the base first. Out: [`Merged`].
//! The rules: `let`s, fields, metadata and the root's attributes are replaced by name and otherwise kept; pages replace all
//! earlier pages; an element that stands directly in a layout replaces the element of its id on the pages.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diag::nearest;
use crate::template::LayoutFile;
use crate::template::report::Report;
use crate::template::tree::{Attribute, Node};
use crate::template::vocabulary::Tag;

/// A node with the folder of the file it was written in, which its paths start from.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) node: Node,
    pub(super) folder: PathBuf,
}

/// The layout after all overriding.
#[derive(Debug)]
pub(super) struct Merged {
    /// The root, with the attributes of the whole chain and without children.
    pub(super) root: Node,
    pub(super) lets: Vec<Node>,
    pub(super) fields: Vec<Node>,
    /// `title`, `author`, `subject` and `entry`.
    pub(super) metadata: Vec<Node>,
    pub(super) pages: Vec<Written>,
    /// What stands in for the element of an id.
    pub(super) replacements: Arc<BTreeMap<String, Arc<Written>>>,
}

/// Merges `chain`, which is never empty.
pub(super) fn merge(chain: &[LayoutFile], report: &mut Report) -> Option<Merged> {
    let last = &chain.last()?.root;
    let mut merged = Merged {
        root: Node { children: Vec::new(), attributes: Vec::new(), ..Node::clone(last) },
        lets: Vec::new(),
        fields: Vec::new(),
        metadata: Vec::new(),
        pages: Vec::new(),
        replacements: Arc::default(),
    };
    let mut replacements = BTreeMap::new();
    for (depth, file) in chain.iter().enumerate() {
        let root = &file.root;
        for attribute in &root.attributes {
            replace_attribute(&mut merged.root.attributes, attribute);
        }
        merge_by_name(&mut merged.lets, root.nodes_of(Tag::Let), report);
        merge_by_name(&mut merged.fields, root.nodes_of(Tag::Fields).flat_map(Node::nodes), report);
        let own = root.nodes().filter(|n| is_info(n.tag()));
        let entries = root.nodes_of(Tag::Metadata).flat_map(Node::nodes);
        merge_by_name(&mut merged.metadata, own.chain(entries), report);
        let written = |node: &Node| Written { node: node.clone(), folder: file.folder.clone() };
        if root.nodes_of(Tag::Page).next().is_some() {
            merged.pages = root.nodes_of(Tag::Page).map(written).collect();
            replacements.clear();
        }
        for node in root.nodes().filter(|n| !is_declaration(n.tag())) {
            let Some(id) = node.value("id") else {
                let hint =
                    if depth == 0 { "put it on a page" } else { "give it the id of the element it replaces" };
                report.push(node.error(format!("{} stands on no page", node.spec.name)).hint(hint));
                continue;
            };
            let mut ids = Vec::new();
            merged.pages.iter().for_each(|page| collect_ids(&page.node, &mut ids));
            if ids.contains(&id.text) {
                replacements.insert(id.text.clone(), Arc::new(written(node)));
            } else {
                let error = crate::diag::Diagnostic::error(
                    id.whole(),
                    format!("no element has this id: {}", id.text),
                );
                report.push(match nearest(&id.text, ids.iter().map(String::as_str)) {
                    Some(near) => error.hint(format!("did you mean {near}?")),
                    None => error.hint("it replaces an element of the layout that this one extends"),
                });
            }
        }
    }
    merged.replacements = Arc::new(replacements);
    if merged.pages.is_empty() {
        report.push(merged.root.error("the layout has no page").hint("write <page size=\"A4\">…</page>"));
    }
    Some(merged)
}

/// What a document says about itself in an element of its own.
fn is_info(tag: Tag) -> bool {
    matches!(tag, Tag::Title | Tag::Author | Tag::Subject)
}

/// What stands directly in a layout without being painted.
fn is_declaration(tag: Tag) -> bool {
    is_info(tag) || matches!(tag, Tag::Let | Tag::Fields | Tag::Metadata | Tag::Page)
}

fn replace_attribute(attributes: &mut Vec<Attribute>, attribute: &Attribute) {
    match attributes.iter_mut().find(|a| a.name == attribute.name) {
        Some(earlier) => *earlier = attribute.clone(),
        None => attributes.push(attribute.clone()),
    }
}

/// Puts each of `nodes` in place of an earlier layout's of its name; two of one name in one layout are an error.
fn merge_by_name<'n>(merged: &mut Vec<Node>, nodes: impl Iterator<Item = &'n Node>, report: &mut Report) {
    let key = |n: &Node| (n.tag(), n.value("name").map(|v| v.text.clone()));
    let mut here = Vec::new();
    for node in nodes {
        if here.contains(&key(node)) {
            let name = node.value("name").map_or(String::new(), |n| format!(": {}", n.text));
            report.push(node.error(format!("another {} has this name{name}", node.spec.name)));
            continue;
        }
        here.push(key(node));
        match merged.iter_mut().find(|m| key(m) == key(node)) {
            Some(earlier) => *earlier = node.clone(),
            None => merged.push(node.clone()),
        }
    }
}

fn collect_ids(node: &Node, ids: &mut Vec<String>) {
    ids.extend(node.value("id").map(|id| id.text.clone()));
    node.nodes().for_each(|child| collect_ids(child, ids));
}
