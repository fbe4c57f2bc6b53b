//! The structure of a sealed PDF, as those hear it who cannot see its pages: read back by `lopdf`.

use std::collections::BTreeMap;

use certpress::page::{Document, Item, ItemKind, Role};
use lopdf::content::Content;
use lopdf::{Dictionary, Object, ObjectId};

use super::{PRESS, options, record};

/// The parts of the first page in the layout's order: role, and text or what is said of a picture.
fn parts(document: &Document) -> Vec<(&'static str, String)> {
    let (page, master) = (&document.pages[0], &document.master.pages[0]);
    let layers: [&[Item]; 5] =
        [&master.background, &page.items, &master.foreground, &master.conversion, &page.conversion];
    // The title certificate has no tables: every part is in one cell.
    let mut parts: BTreeMap<_, String> = BTreeMap::new();
    for item in layers.into_iter().flatten() {
        let Some(part) = &item.part else { continue };
        let said = parts.entry(part).or_default();
        match (&part.role, &item.kind) {
            (Role::Figure(alternative), _) => alternative.as_ref().clone_into(said),
            (_, ItemKind::Glyphs(run)) => said.push_str(&run.text),
            _ => {}
        }
    }
    let tag = |role: &Role| match role {
        Role::Heading => "H1",
        Role::Paragraph => "P",
        Role::Figure(_) => "Figure",
    };
    parts.into_iter().map(|(part, said)| (tag(&part.role), said)).collect()
}

fn integers(object: &Object) -> Vec<i64> {
    match object {
        Object::Array(all) => all.iter().map(|one| one.as_i64().unwrap()).collect(),
        one => vec![one.as_i64().unwrap()],
    }
}

fn text(object: &Object) -> String {
    lopdf::decode_text_string(object).unwrap()
}

#[test]
fn the_parts_of_a_page_are_read_in_the_layouts_order_and_all_else_is_ornament() {
    let entry = PRESS.bind(&record(), &options()).unwrap();
    let expected = parts(&PRESS.lay(&entry, options().time.unwrap(), &options()).unwrap());
    let certificate = PRESS.render_with(&record(), &options()).unwrap();
    let file = lopdf::Document::load_mem(certificate.pdf().unwrap()).unwrap();
    let catalog = file.catalog().unwrap();
    assert!(catalog.get(b"MarkInfo").unwrap().as_dict().unwrap().get(b"Marked").unwrap().as_bool().unwrap());
    let of = |entries: &Dictionary, key: &[u8]| {
        file.get_dictionary(entries.get(key).unwrap().as_reference().unwrap()).unwrap().clone()
    };
    let root = of(catalog, b"StructTreeRoot");
    let kids: Vec<ObjectId> = of(&root, b"K")
        .get(b"K")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|kid| kid.as_reference().unwrap())
        .collect();

    // Every element says what it is, in order; the seal's field comes last.
    let (elements, field) = kids.split_at(kids.len() - 1);
    let element = |id: &ObjectId| file.get_dictionary(*id).unwrap();
    let tag = |id: &ObjectId| element(id).get(b"S").unwrap().as_name().unwrap();
    assert_eq!(elements.len(), expected.len());
    for (id, (role, said)) in elements.iter().zip(&expected) {
        assert_eq!(tag(id), role.as_bytes(), "{said}");
        if *role == "Figure" {
            assert_eq!(text(element(id).get(b"Alt").unwrap()), *said);
        }
    }
    assert_eq!(tag(&field[0]), b"Form");
    assert_eq!(expected.iter().filter(|(role, _)| *role == "H1").count(), 1);
    assert_eq!(expected.iter().find(|(role, _)| *role == "H1").unwrap().1, "专业技术职称证书");
    assert!(expected.contains(&("Figure", "照片".into())) && expected.contains(&("Figure", "二维码".into())));

    // The parent tree leads back from each marked content of the page, and nothing is painted outside of one.
    let page_id = *file.get_pages().values().next().unwrap();
    let page = file.get_dictionary(page_id).unwrap();
    assert_eq!(page.get(b"StructParents").unwrap().as_i64().unwrap(), 0);
    let tree = root.get(b"ParentTree").unwrap().as_dict().unwrap().get(b"Nums").unwrap().as_array().unwrap();
    let parents = tree[1].as_array().unwrap();
    let (mut open, mut marked) = (0, Vec::new());
    for operation in Content::decode(&file.get_page_content(page_id)).unwrap().operations {
        match operation.operator.as_str() {
            "BMC" => open += 1,
            "BDC" => {
                open += 1;
                if let Ok(content) = operation.operands[1].as_dict().unwrap().get(b"MCID") {
                    let content = content.as_i64().unwrap();
                    let parent = parents[content as usize].as_reference().unwrap();
                    assert!(integers(element(&parent).get(b"K").unwrap()).contains(&content));
                    assert_eq!(operation.operands[0].as_name().unwrap(), tag(&parent));
                    marked.push(content);
                }
            }
            "EMC" => open -= 1,
            "TJ" | "f" | "f*" | "S" | "B" | "Do" => assert!(open > 0, "{operation:?}"),
            _ => {}
        }
    }
    let mut told: Vec<i64> =
        elements.iter().flat_map(|id| integers(element(id).get(b"K").unwrap())).collect();
    told.sort_unstable();
    marked.sort_unstable();
    assert_eq!(told, marked);
}
