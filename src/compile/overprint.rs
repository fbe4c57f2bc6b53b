//! 套打: a page without what the sheet bears already.
//!
//! In: the elements of a page. Out: those of them, and that of them, which the record decides; each where the whole page has it.
//! Invariant: the sheet bears what every record's page shows in the same place. So what stands under a condition of the record, in a
//! loop, or below either, is on no sheet and printed whole; of all else only values are. Rules and grounds of a table that is on the
//! sheet are the sheet's, and so are the words between values: who overprints gives each value that varies in length a box of its own.

use super::program::{
    CellContent, Element, ElementKind, FlowPlan, Inner, Outer, Piece, RowPlan, TablePlan, TextPlan,
};

/// Takes from `elements` what the sheet bears.
pub(super) fn overprint(elements: &mut Vec<Element>) {
    let mut logo = None;
    elements.retain_mut(|element| {
        // A mark's logo follows it.
        let is_logo = logo.take() == Some(element.bounds);
        if let (ElementKind::Qr(mark), false) = (&element.kind, element.is_static) {
            logo = mark.logo;
        }
        take_from(element);
        is_logo || !element.is_static
    });
}

/// Takes from `element` what the sheet bears of it.
fn take_from(element: &mut Element) {
    if !element.when.is_empty() {
        return;
    }
    match &mut element.kind {
        ElementKind::Text(text) => hide_literals(text),
        ElementKind::Stamp(stamp) => {
            stamp.frame.clear();
            hide_literals(&mut stamp.words);
        }
        ElementKind::Watermark(mark) => hide_literals(&mut mark.words),
        ElementKind::Table(table) => take_from_table(table),
        ElementKind::Flow(flow) => take_from_flow(flow),
        // Marks and pictures are of one piece.
        ElementKind::Paths(_)
        | ElementKind::Image(_)
        | ElementKind::Qr(_)
        | ElementKind::Space(_)
        | ElementKind::Repeat(_)
        | ElementKind::Seal(_) => {}
    }
}

fn take_from_table(table: &mut TablePlan) {
    (table.rules.inner, table.rules.outer) = (Inner::None, Outer::None);
    let in_place = table.rows().take_while(|row| !moves_others(row)).count();
    let rows = [&mut table.head, &mut table.body, &mut table.foot].into_iter().flatten();
    for (i, row) in rows.enumerate() {
        let is_decided = is_decided(row);
        for cell in &mut row.cells {
            cell.fill = None;
            if is_decided || i + cell.rows > in_place {
                continue;
            }
            match &mut cell.content {
                CellContent::Empty => {}
                CellContent::Text(text) => hide_literals(text),
                CellContent::Elements(elements) => overprint(elements),
            }
        }
    }
}

/// What is static stays, for its room.
fn take_from_flow(flow: &mut FlowPlan) {
    for element in &mut flow.elements {
        take_from(element);
        let moves_others = match &element.kind {
            ElementKind::Table(table) => table.rows().any(moves_others),
            _ => false,
        };
        if moves_others || !element.when.is_empty() {
            break;
        }
    }
}

/// Whether the record decides that the row is there.
fn is_decided(row: &RowPlan) -> bool {
    row.list.is_some() || !row.when.is_empty()
}

/// Whether the record decides where the rows below stand. A row that blank ones fill up takes the same room for every record.
fn moves_others(row: &RowPlan) -> bool {
    is_decided(row) && row.at_least == 0
}

fn hide_literals(text: &mut TextPlan) {
    for Piece { content, style, is_printed } in &mut text.pieces {
        style.underline = false;
        *is_printed = !content.is_static();
    }
}
