//! What a revision changes of the trailer and of what the catalog leads to, but for fields and pages.
//!
//! In: the two documents. Out: explanations of the trailer (ISO 32000-1, 7.5.5), the catalog (7.7.2), the metadata (14.3) and the security
//! store (ISO 32000-2, 12.8.4.3).
//! Invariant: an entry of the catalog that is not named here is [`Class::Other`].

use super::{Change, Class, Comparison, differing};
use crate::pdf::read::{Dictionary, Object, ReadError, View, Xmp, catalog, xmp};

impl Comparison<'_, '_> {
    /// Table 15: the entries that decide what the document is.
    pub(super) fn trailer(&mut self) -> Result<(), ReadError> {
        let (old, new) = (self.old.trailer(), self.new.trailer());
        let mut add = |what: &str, class| {
            self.of_trailer.push(Change { place: "trailer".into(), what: what.into(), class });
        };
        if old.get("Root") != new.get("Root") {
            add("another catalog", Class::Other);
        }
        if old.get("Info").is_some() && new.get("Info").is_none() {
            add("no information dictionary any more", Class::Metadata);
        }
        let info = |view: &View<'_, '_>, trailer: &Dictionary| -> Result<Dictionary, ReadError> {
            let mut entries = match view.value(trailer, "Info")? {
                Object::Dictionary(entries) => entries,
                _ => Dictionary::default(),
            };
            // What a program notes down that saves a file.
            for key in ["ModDate", "Producer", "Creator", "CreationDate"] {
                entries.remove(key);
            }
            Ok(entries)
        };
        let same = info(&self.old, old)? == info(&self.new, new)?;
        let class = if same { Class::Harmless } else { Class::Metadata };
        if let Some(Object::Reference(id)) = new.get("Info") {
            self.explain_single(*id, class, "the information dictionary");
        }
        if !same && old.get("Info") != new.get("Info") {
            self.of_trailer.push(Change {
                place: "trailer".into(),
                what: "another information dictionary".into(),
                class,
            });
        }
        Ok(())
    }

    pub(super) fn catalog(&mut self) -> Result<(), ReadError> {
        let ((id, old), (_, new)) = (catalog(&self.old)?, catalog(&self.new)?);
        for key in differing(&old, &new) {
            let class = match key.as_str() {
                "AcroForm" => Class::Harmless,
                "DSS" | "Extensions" | "Version" => Class::Archiving,
                "Metadata" => Class::Harmless,
                _ => Class::Other,
            };
            self.explain(id, class, format!("the catalog's /{key}"));
        }
        self.explain(id, Class::Harmless, "the catalog");
        self.metadata(&old, &new)?;
        self.security_store(&old)?;
        self.form(id, &old, &new)
    }

    /// 14.3.2: a packet that says the same in what is read of it is the same.
    fn metadata(&mut self, old: &Dictionary, new: &Dictionary) -> Result<(), ReadError> {
        let of = |catalog: &Dictionary| catalog.get("Metadata").and_then(Object::reference);
        let (before, after) = (of(old), of(new));
        if before == after && before.is_none_or(|id| !self.changed.contains(&id.number)) {
            return Ok(());
        }
        let nothing = Xmp { is_read: true, ..Xmp::default() };
        let said = |view| xmp(view).map(|packet| packet.unwrap_or_else(|| nothing.clone()));
        let (was, is) = (said(&self.old)?, said(&self.new)?);
        // One that cannot be read is never the same.
        let same = was == is && was.is_read;
        let class = if same { Class::Harmless } else { Class::Metadata };
        match after.or(before) {
            Some(id) if self.changed.contains(&id.number) && self.old.has(id.number) => {
                self.explain_single(id, class, "the metadata");
            }
            _ => {
                let (catalog, _) = catalog(&self.new)?;
                self.explain(catalog, class, "the catalog's /Metadata");
            }
        }
        Ok(())
    }

    /// ISO 32000-2, 12.8.4.3: its dictionaries and arrays may grow; the streams in them are new.
    fn security_store(&mut self, old: &Dictionary) -> Result<(), ReadError> {
        let mut containers: Vec<Object> = old.get("DSS").cloned().into_iter().collect();
        let mut depth = 0;
        // DSS, then VRI and the arrays, then the entries of VRI, then their arrays.
        while depth < 4 && !containers.is_empty() {
            let mut inside = Vec::new();
            for container in &containers {
                let object = self.old.resolve(container)?;
                if !matches!(object, Object::Dictionary(_) | Object::Array(_)) {
                    continue;
                }
                if let Some(id) = container.reference() {
                    self.explain_single(id, Class::Archiving, "the document's security store");
                }
                if let Object::Dictionary(entries) = object {
                    inside.extend(entries.iter().map(|(_, value)| value.clone()));
                }
            }
            containers = inside;
            depth += 1;
        }
        Ok(())
    }
}
