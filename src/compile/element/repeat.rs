//! `for`: what each row of a list has once.
//!
//! In: a `for` attribute; a `group` with one. Out: the list, and the names `row` and `loop` for what stands within;
//! [`RepeatPlan`].
//! Invariant: loops do not nest, because lists hold no lists.

use std::sync::Arc;

use crate::compile::Compiler;
use crate::compile::expression::names::Binding;
use crate::compile::expression::rows::list_named;
use crate::compile::place::Place;
use crate::compile::program::{Element, ElementKind, Lines, RepeatPlan};
use crate::diag::{Diagnostic, nearest};
use crate::geom::{Point, Rect};
use crate::record::FieldKind;
use crate::template::tree::Node;
use crate::template::value;
use crate::unit::Length;

/// The name of a loop's facts.
pub(in crate::compile) const LOOP: &str = "loop";

impl Compiler<'_> {
    /// The list that `node` goes over, if it has a `for`, and the place within the loop.
    pub(in crate::compile) fn repeated(&mut self, node: &Node, place: &Place) -> Option<(usize, Place)> {
        let text = node.value("for")?;
        // What cannot be read has been reported.
        let (row, list) = value::each("for", &text.text).ok()?;
        let mut names = (*place.names).clone();
        let index = self.list(node, list, place);
        if names.get(LOOP).is_some() {
            let error = Diagnostic::error(text.whole(), "a loop may not stand in a loop");
            self.report.push(error.hint("lists hold no lists: put the two side by side"));
            return None;
        }
        if names.get(row).is_some() {
            let error = Diagnostic::error(text.whole(), format!("the name is taken: {row}"));
            self.report.push(error.hint("call the row otherwise"));
            return None;
        }
        let bind = |of: fn(usize) -> Binding| index.map_or(Binding::Broken, of);
        names.bind(row, bind(Binding::Row));
        names.bind(LOOP, bind(Binding::Loop));
        let inside = Place { names: Arc::new(names), ..place.clone() };
        // A mistake in the list's name stands for any list, so that what stands within is read once more.
        Some((index.unwrap_or_default(), inside))
    }

    /// The field of type list called `name`.
    fn list(&mut self, node: &Node, name: &str, place: &Place) -> Option<usize> {
        let fields = &self.schema.fields;
        let is_list = |index: &usize| matches!(fields[*index].kind, FieldKind::List { .. });
        if let Some(index) = list_named(name, &place.names, &self.schema) {
            self.expressions.used.field(index);
            return Some(index);
        }
        let is_field = matches!(place.names.get(name), Some(Binding::Field(_)));
        let lists: Vec<&str> = (0..fields.len()).filter(is_list).map(|i| fields[i].name.as_str()).collect();
        let what = if is_field { "the field is not a list" } else { "no list has this name" };
        let hint = match nearest(name, lists.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None if lists.is_empty() => {
                "write <field name=\"scores\" type=\"list\"><field …/></field> in fields".to_owned()
            }
            None => format!("the lists are {}", lists.join(", ")),
        };
        let span = node.value("for").map_or(node.span.clone(), |text| text.whole());
        self.report.push(Diagnostic::error(span, format!("{what}: {name}")).hint(hint));
        None
    }

    /// A group that each row has once.
    pub(in crate::compile) fn repeated_group(
        &mut self,
        node: &Node,
        place: &Place,
    ) -> Option<(ElementKind, Rect)> {
        let (list, inside) = self.repeated(node, place)?;
        let look = self.look(node, place, &place.look, "size");
        let whole = place.frame;
        let [x, y] = [("step-x", whole.width), ("step-y", whole.height)]
            .map(|(name, whole)| self.length(node, name, place, whole, look.size));
        let lines = self.lines(node, place);
        let needs = match lines {
            Lines::Straight => x.is_none() && y.is_none(),
            Lines::Of(..) => x.is_none() || y.is_none(),
        };
        if needs {
            let steps = if lines == Lines::Straight { "step-x or step-y" } else { "step-x and step-y" };
            let error = node.error(format!("the group has a for without {steps}"));
            self.report.push(error.hint("write step-y=\"8mm\", or so"));
        }
        let step = Point::new(x.unwrap_or_default(), y.unwrap_or_default());
        // A group as large as the rest of the page would leave it with the second row.
        let (origin, width, height) = self.area(node, place, look.size);
        let rest = Point::new(whole.right() - origin.x, whole.bottom() - origin.y);
        let extent = |given: Option<Length>, step: Option<Length>, rest| {
            given.or(step.map(Length::abs).filter(|s| *s > Length::ZERO)).unwrap_or(rest)
        };
        let frame = Rect::new(origin.x, origin.y, extent(width, x, rest.x), extent(height, y, rest.y));
        let mut elements = Vec::new();
        // The group as a whole is of an edition.
        let inside = Place { frame, look, when: Vec::new(), only: None, ..inside };
        self.elements(node, &inside, &mut elements);
        self.refuse_seals(&elements, "a loop");
        let room = Rect::new(Length::ZERO, Length::ZERO, place.page.width, place.page.height);
        Some((ElementKind::Repeat(RepeatPlan { list, elements, frame, room, step, lines }), frame))
    }

    /// After how many a line of repeated groups ends.
    fn lines(&mut self, node: &Node, place: &Place) -> Lines {
        const MOST: usize = 10_000;
        if let (Some(_), Some(rows)) = (node.attribute("columns"), node.attribute("rows")) {
            let error = Diagnostic::error(rows.name_span.clone(), "columns and rows exclude one another");
            self.report.push(error.hint("remove one of them"));
        }
        if node.attribute("columns").is_some() {
            return Lines::Of(self.count(node, "columns", place, MOST), true);
        }
        if node.attribute("rows").is_some() {
            return Lines::Of(self.count(node, "rows", place, MOST), false);
        }
        Lines::Straight
    }

    /// Seals stand on pages: what is laid by a table or a loop holds none.
    pub(in crate::compile) fn refuse_seals(&mut self, elements: &[Element], whose: &str) {
        for seal in elements.iter().filter(|e| matches!(e.kind, ElementKind::Seal(_))) {
            let error = Diagnostic::error(seal.span.clone(), format!("a seal may not stand in {whose}"));
            self.report.push(error.hint("put it on the page itself"));
        }
    }

    /// What only a group with a `for` may have.
    pub(in crate::compile) fn check_steps(&mut self, node: &Node) {
        for name in ["step-x", "step-y", "columns", "rows"] {
            if let Some(attribute) = node.attribute(name) {
                let message = format!("{name} has no effect without for");
                self.report.push(Diagnostic::warning(attribute.name_span.clone(), message));
            }
        }
    }
}
