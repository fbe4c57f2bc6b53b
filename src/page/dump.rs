//! The page as text a person can read: what snapshot tests compare.

use std::fmt::Write as _;

use super::{Document, Fill, GlyphRun, Item, ItemKind, Master, PathItem, Ref, Resources, Stroke};
use crate::geom::{Affine, Path, Rect, Segment};

/// The master pages, one line an item.
pub fn dump_master(master: &Master) -> String {
    let mut out = String::new();
    for (i, page) in master.pages.iter().enumerate() {
        let _ = writeln!(out, "master {i} {} x {}", page.size.width.fmt_mm(), page.size.height.fmt_mm());
        for (name, items) in [("background", &page.background), ("foreground", &page.foreground)] {
            let _ = writeln!(out, " {name}");
            items.iter().for_each(|item| dump_item(&mut out, item, &master.tags));
        }
        dump_conversion(&mut out, &page.conversion, &master.tags);
    }
    dump_resources(&mut out, &master.resources);
    out
}

/// The record's own pages, one line an item.
pub fn dump_document(document: &Document) -> String {
    let mut out = String::new();
    for (i, page) in document.pages.iter().enumerate() {
        let _ = writeln!(out, "page {i} on master {}", page.master);
        page.items.iter().for_each(|item| dump_item(&mut out, item, &document.master.tags));
        dump_conversion(&mut out, &page.conversion, &document.master.tags);
        for seal in &page.seals {
            let _ = write!(out, "  seal {}", rect(&seal.rect));
            if let Some(clip) = &seal.clip {
                let _ = write!(out, " clip {}", rect(clip));
            }
            if seal.role != 0 {
                let _ = write!(out, " role {}", seal.role);
            }
            out.push('\n');
        }
    }
    dump_resources(&mut out, &document.resources);
    let _ = writeln!(
        out,
        "title {:?} author {:?} subject {:?}",
        document.info.title, document.info.author, document.info.subject
    );
    for (name, value) in &document.info.custom {
        let _ = writeln!(out, "  {name} = {value}");
    }
    for a in &document.info.attachments {
        let _ = writeln!(out, "attachment {} {} {} bytes", a.name, a.media_type, a.data.len());
    }
    out
}

fn dump_conversion(out: &mut String, items: &[Item], tags: &[String]) {
    if !items.is_empty() {
        out.push_str(" conversion\n");
        items.iter().for_each(|item| dump_item(out, item, tags));
    }
}

fn dump_resources(out: &mut String, resources: &Resources) {
    for font in &resources.fonts {
        let text: String = font.glyphs.iter().map(|g| g.text.as_str()).collect();
        let _ = writeln!(out, "font {} {} glyphs {text:?}", font.name, font.glyphs.len());
    }
    for image in &resources.images {
        let _ = writeln!(
            out,
            "image {:?} {} x {} {} bytes",
            image.format,
            image.width,
            image.height,
            image.data.len()
        );
    }
}

fn dump_item(out: &mut String, item: &Item, tags: &[String]) {
    out.push_str("  ");
    match &item.kind {
        ItemKind::Glyphs(run) => dump_run(out, run),
        ItemKind::Path(path) => dump_path(out, path),
        ItemKind::Figure(figure) => dump_path(out, &figure.to_path()),
        ItemKind::Image(i) => {
            let _ = write!(out, "image {} {}", reference(i.image), rect(&i.rect));
            if let Some(clip) = &i.clip {
                let _ = write!(out, " clip {}", rect(clip));
            }
        }
    }
    if let Some(tag) = item.tag.and_then(|t| tags.get(usize::from(t))) {
        let _ = write!(out, " tag {tag}");
    }
    out.push('\n');
}

fn dump_path(out: &mut String, item: &PathItem) {
    let _ = write!(out, "path {}", outline(&item.path));
    if let Some(Fill { color, rule }) = item.fill {
        let _ = write!(out, " fill {color:?} {rule:?}");
    }
    if let Some(Stroke { color, width, .. }) = &item.stroke {
        let _ = write!(out, " stroke {color:?} {}", width.fmt_mm());
    }
}

fn dump_run(out: &mut String, run: &GlyphRun) {
    let _ = write!(
        out,
        "glyphs {} {}pt {:?} at {} {} {:?} w {}",
        reference(run.font),
        run.size.fmt_pt(),
        run.color,
        run.origin.x.fmt_mm(),
        run.origin.y.fmt_mm(),
        run.text,
        run.advance.fmt_mm(),
    );
    if run.map != Affine::IDENTITY {
        let _ = write!(out, " map {:.4} {:.4} {:.4} {:.4}", run.map.a, run.map.b, run.map.c, run.map.d);
    }
}

fn reference(r: Ref) -> String {
    match r {
        Ref::Master(i) => format!("m{i}"),
        Ref::Own(i) => format!("r{i}"),
    }
}

fn rect(r: &Rect) -> String {
    format!("{} {} {} {}", r.x.fmt_mm(), r.y.fmt_mm(), r.width.fmt_mm(), r.height.fmt_mm())
}

/// Short outlines in full, long ones by count and bounds.
fn outline(path: &Path) -> String {
    if path.segments.len() > 8 {
        let bounds = path.bounds().unwrap_or_default();
        return format!("[{} segments in {}]", path.segments.len(), rect(&bounds));
    }
    let mut out = String::new();
    for s in &path.segments {
        let _ = match s {
            Segment::Move(p) => write!(out, "M {} {} ", p.x.fmt_mm(), p.y.fmt_mm()),
            Segment::Line(p) => write!(out, "L {} {} ", p.x.fmt_mm(), p.y.fmt_mm()),
            Segment::Cubic(p, q, r) => {
                let coordinates = [p, q, r].map(|p| format!("{} {}", p.x.fmt_mm(), p.y.fmt_mm()));
                write!(out, "B {} ", coordinates.join(" "))
            }
            Segment::Close => write!(out, "C "),
        };
    }
    out.trim_end().to_owned()
}
