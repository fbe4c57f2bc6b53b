//! The layout language as an XML Schema (XSD 1.0), for editors that complete and check while a layout is written.
//!
//! In: the [`vocabulary`]. Out: a schema document.
//! Invariant: every layout that the parser accepts is valid; of what the parser refuses, the schema finds names, places, missing attributes
//! and most wrong values, but neither what expressions make nor what other files say.

use std::collections::BTreeMap;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::value::{LYING, SHEETS};
use super::vocabulary::{
    AttributeSpec, ELEMENTS, ElementSpec, NAMESPACE, Need, SHARED, SharedAttributes, Tag, ValueKind, name,
};
use crate::record::FieldKind;

const MEMORY: &str = "writing to memory does not fail";
const XS: &str = "http://www.w3.org/2001/XMLSchema";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A value that holds an expression, and means what a record makes of it.
const EXPRESSION: &str = r"(.|\s)*\{(\{|%)(.|\s)*";
const DECIMAL: &str = r"([0-9]+(\.[0-9]*)?|\.[0-9]+)";

type Xml = Writer<Vec<u8>>;

/// The schema of layouts and parts.
pub fn xsd() -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).expect(MEMORY);
    let root = [
        ("xmlns:xs", XS),
        ("xmlns:l", NAMESPACE),
        ("targetNamespace", NAMESPACE),
        ("elementFormDefault", "qualified"),
    ];
    within(&mut xml, "schema", &root, |xml| {
        document(xml, "The layout language of certpress, as its parser has it.");
        for root in [Tag::Layout, Tag::Part] {
            empty(xml, "element", &[("name", name(root)), ("type", &format!("l:{}", name(root)))]);
        }
        ELEMENTS.iter().for_each(|spec| element_type(xml, spec));
        SHARED.iter().for_each(|shared| attribute_group(xml, shared));
        let kinds = ELEMENTS.iter().flat_map(ElementSpec::attributes).map(|a| (kind_name(a.kind), a.kind));
        for (name, kind) in kinds.collect::<BTreeMap<_, _>>() {
            value_type(xml, &name, kind);
        }
        let expression = [("name", "expression")];
        within(xml, "simpleType", &expression, |xml| restriction(xml, &[EXPRESSION.to_owned()], &[]));
    });
    String::from_utf8(xml.into_inner()).expect("everything that was written is UTF-8") + "\n"
}

fn element_type(xml: &mut Xml, spec: &ElementSpec) {
    let mixed = if spec.text { "true" } else { "false" };
    within(xml, "complexType", &[("name", spec.name), ("mixed", mixed)], |xml| {
        document(xml, spec.summary);
        if !spec.children.is_empty() {
            within(xml, "choice", &[("minOccurs", "0"), ("maxOccurs", "unbounded")], |xml| {
                for child in spec.children {
                    empty(
                        xml,
                        "element",
                        &[("name", name(*child)), ("type", &format!("l:{}", name(*child)))],
                    );
                }
            });
        }
        for group in spec.attributes {
            match SharedAttributes::of(group) {
                Some(shared) => empty(xml, "attributeGroup", &[("ref", &format!("l:{}", shared.name))]),
                None => group.iter().for_each(|attribute| element_attribute(xml, attribute)),
            }
        }
        // xml:space may stand anywhere; what a part takes as parameters only the part tells.
        let others = if spec.open { format!("##local {XML}") } else { XML.to_owned() };
        empty(xml, "anyAttribute", &[("namespace", &others), ("processContents", "skip")]);
    });
}

fn attribute_group(xml: &mut Xml, shared: &SharedAttributes) {
    within(xml, "attributeGroup", &[("name", shared.name)], |xml| {
        document(xml, shared.summary);
        shared.attributes.iter().for_each(|attribute| element_attribute(xml, attribute));
    });
}

fn element_attribute(xml: &mut Xml, attribute: &AttributeSpec) {
    let need = if attribute.need == Need::Required { "required" } else { "optional" };
    let kind = format!("l:{}", kind_name(attribute.kind));
    within(xml, "attribute", &[("name", attribute.name), ("type", &kind), ("use", need)], |xml| {
        document(xml, attribute.summary);
    });
}

/// The name of the simple type of `kind`; no element has the same, because types of elements and of values share their names.
fn kind_name(kind: ValueKind) -> String {
    match kind {
        ValueKind::Length { em, percent, negative } => {
            let parts = [(em, "-em"), (percent, "-percent"), (negative, "-signed")];
            parts
                .iter()
                .filter(|(has, _)| *has)
                .fold("value-length".to_owned(), |name, (_, part)| name + part)
        }
        ValueKind::Number(least, most) => format!("value-number-{least}-to-{most}").replace("--", "-minus-"),
        ValueKind::Keyword(words) => format!("value-{}", words.join("-or-")),
        other => format!("value-{other:?}").to_lowercase(),
    }
}

/// What a value may be: patterns, and words that an editor offers.
fn value_type(xml: &mut Xml, name: &str, kind: ValueKind) {
    let of = |units: &[&str]| format!(r"{DECIMAL}\s*({})|0+(\.0*)?", units.join("|"));
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let color = "#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})".to_owned();
    let (patterns, words): (Vec<String>, Vec<String>) = match kind {
        ValueKind::Length { em, percent, negative } => {
            let mut units = vec!["mm", "pt"];
            units.extend(em.then_some("em"));
            units.extend(percent.then_some("%"));
            let sign = if negative { "-?" } else { "" };
            (vec![format!("{sign}({})", of(&units))], vec![])
        }
        ValueKind::Lengths => (vec![format!("({0})( ({0}))*", of(&["mm", "pt"]))], vec![]),
        ValueKind::Padding => (vec![format!("({0})( ({0}))?", of(&["mm", "pt"]))], vec![]),
        ValueKind::ColumnWidth => {
            (vec![of(&["mm", "pt", "%"]), format!(r"({DECIMAL})?\*")], words(&["auto", "*"]))
        }
        ValueKind::Number(least, _) => {
            (vec![format!("{}{DECIMAL}", if least < 0.0 { "-?" } else { "" })], vec![])
        }
        ValueKind::Integer => (vec!["[+-]?[0-9]+".to_owned()], vec![]),
        ValueKind::Loop => (vec!["[A-Za-z_][A-Za-z0-9_]* in [A-Za-z_][A-Za-z0-9_]*".to_owned()], vec![]),
        ValueKind::Variable => (vec!["[A-Za-z_][A-Za-z0-9_]*".to_owned()], vec![]),
        ValueKind::Color => (vec![color], vec![]),
        ValueKind::Paint => (vec![color], words(&["none"])),
        ValueKind::Keyword(list) => (vec![], words(list)),
        ValueKind::FieldType => (vec![], words(&FieldKind::NAMES)),
        ValueKind::Sheet => {
            let sheets = SHEETS.iter().flat_map(|(name, ..)| [(*name).to_owned(), format!("{name}{LYING}")]);
            (vec![format!("{DECIMAL}x{DECIMAL}mm")], sheets.collect())
        }
        // Whatever is written: what is wrong with it only the parser can tell.
        ValueKind::Words
        | ValueKind::Content
        | ValueKind::Expression
        | ValueKind::Name
        | ValueKind::Font
        | ValueKind::FieldName
        | ValueKind::PathData
        | ValueKind::Fit
        | ValueKind::File => {
            return within(xml, "simpleType", &[("name", name)], |xml| {
                empty(xml, "restriction", &[("base", "xs:string")]);
            });
        }
    };
    within(xml, "simpleType", &[("name", name)], |xml| {
        within(xml, "union", &[("memberTypes", "l:expression")], |xml| {
            if !words.is_empty() {
                within(xml, "simpleType", &[], |xml| restriction(xml, &[], &words));
            }
            if !patterns.is_empty() {
                within(xml, "simpleType", &[], |xml| restriction(xml, &patterns, &[]));
            }
        });
    });
}

/// A restriction of tokens: blanks around and between do not count, as the parser has it.
fn restriction(xml: &mut Xml, patterns: &[String], words: &[String]) {
    within(xml, "restriction", &[("base", "xs:token")], |xml| {
        patterns.iter().for_each(|pattern| empty(xml, "pattern", &[("value", pattern)]));
        words.iter().for_each(|word| empty(xml, "enumeration", &[("value", word)]));
    });
}

fn document(xml: &mut Xml, text: &str) {
    within(xml, "annotation", &[], |xml| {
        xml.create_element("xs:documentation").write_text_content(BytesText::new(text)).expect(MEMORY);
    });
}

fn within(xml: &mut Xml, name: &str, attributes: &[(&str, &str)], inner: impl FnOnce(&mut Xml)) {
    let element = xml.create_element(format!("xs:{name}")).with_attributes(attributes.iter().copied());
    element
        .write_inner_content(|xml| {
            inner(xml);
            Ok(())
        })
        .expect(MEMORY);
}

fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) {
    let element = xml.create_element(format!("xs:{name}")).with_attributes(attributes.iter().copied());
    element.write_empty().expect(MEMORY);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_that_ships_is_that_of_the_vocabulary() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts/layout.xsd");
        let shipped = std::fs::read_to_string(path).unwrap();
        let hint = "write it anew: certpress schema --xsd > layouts/layout.xsd";
        assert!(shipped == xsd(), "{hint}");
    }
}
