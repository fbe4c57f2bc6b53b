//! Attached files (ISO 32000-1, 7.11.4; ISO 19005-3, 6.8).
//!
//! In: the attachments of [`Info`]. Out: file specifications, for the name tree and for /AF.
//! Invariant: the name tree is sorted by name, as readers search it by halves.

use lopdf::ObjectId;

use super::entries::{Entries, Value as _, Written, entries, name, text_string};
use super::object::{Body, deflated_once};
use crate::deflate::Effort;
use crate::page::{Attachment, Info, Timestamp};

/// A file specification that has been written.
pub(super) struct File<'a> {
    pub(super) id: ObjectId,
    name: &'a str,
}

/// Writes the files with their specifications.
pub(super) fn write<'a>(body: &mut Body, info: &'a Info) -> Vec<File<'a>> {
    let write = |a: &'a Attachment| File { id: write_file(body, a, info.created), name: &a.name };
    info.attachments.iter().map(write).collect()
}

fn write_file(body: &mut Body, attachment: &Attachment, created: Timestamp) -> ObjectId {
    let stream = entries! {
        "Type" => name("EmbeddedFile"),
        "Subtype" => name(&attachment.media_type),
        "Params" => entries! { "Size" => attachment.data.len() as i64, "ModDate" => created },
    };
    let file = body.add(deflated_once(stream, &attachment.data, Effort::Record));
    body.add(entries! {
        "Type" => name("Filespec"),
        "F" => text_string(&attachment.name),
        "UF" => text_string(&attachment.name),
        "Desc" => text_string(&attachment.description),
        "AFRelationship" => name("Data"),
        "EF" => entries! { "F" => file, "UF" => file },
    })
}

/// The leaf of a name tree (7.9.6).
pub(super) fn name_tree(files: &[File<'_>]) -> Entries {
    let mut sorted: Vec<&File<'_>> = files.iter().collect();
    sorted.sort_by_key(|file| file.name);
    let mut names = vec![b'['];
    for file in sorted {
        text_string(file.name).write(&mut names);
        file.id.write(&mut names);
    }
    names.push(b']');
    entries! { "Names" => Written(names) }
}
