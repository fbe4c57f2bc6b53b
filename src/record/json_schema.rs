//! JSON Schema (draft 2020-12) of records: as they come in JSON Lines, and as they travel in a certificate.
//!
//! In: a [`Schema`] and the names of the layout's metadata. Out: schemas for those who write or read records in other programs.
//! Invariant: a record that binds satisfies the schema of input, and what is attached satisfies that of the attached record;
//! check characters and calendars are left to the rules that bind them.

use serde_json::{Map, Value, json};

use super::entry::STANDING;
use super::{Field, FieldKind, Schema};
use crate::licence::metadata::{self, FOR_EVER, Form};
use crate::licence::name;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
const SM3: &str = "^[0-9a-f]{64}$";
const USCC: &str = "[0-9A-HJ-NPQRTUWXY]{18}";

/// The schema of the record that any certificate of any layout carries.
pub fn of_any_record() -> Value {
    let names = metadata::ITEMS.iter().map(|item| (item.name.to_owned(), entry(item.name)));
    json!({
        "$schema": DIALECT,
        "$id": "urn:certpress:schema:record:1",
        "title": "证照数据",
        "description": "The structured record (record.json) that travels inside a certificate.",
        "type": "object",
        "required": ["schema", "standing", "metadata", "fields"],
        "additionalProperties": false,
        "properties": {
            "schema": { "description": "The id of the layout.", "type": "string", "minLength": 1 },
            "standing": { "description": "It is the record of the original.", "const": STANDING },
            "metadata": {
                "description": "Metadata by their short names (GB/T 36903).",
                "type": "object",
                "properties": names.collect::<Map<_, _>>(),
                "additionalProperties": { "type": "string", "minLength": 1 },
            },
            "fields": {
                "description": "What was given, by the names of the layout's fields.",
                "type": "object",
                "additionalProperties": { "anyOf": [
                    { "$ref": "#/$defs/value" },
                    { "type": "array", "minItems": 1, "items": {
                        "type": "object", "additionalProperties": { "$ref": "#/$defs/value" },
                    } },
                ] },
            },
        },
        "$defs": {
            "value": { "anyOf": [{ "type": "string", "minLength": 1 }, { "type": "integer" }, image()] },
        },
    })
}

impl Schema {
    /// The schema of the record that certificates of this layout carry, whose metadata entries have these names.
    pub fn of_record<'m>(&self, metadata: impl IntoIterator<Item = &'m str>) -> Value {
        let names: Map<String, Value> =
            metadata.into_iter().map(|name| (name.to_owned(), entry(name))).collect();
        let mut fields = self::fields(&self.fields, attached);
        fields["description"] = "What was given; a field that was not is left out.".into();
        json!({
            "$schema": DIALECT,
            "$id": format!("urn:certpress:schema:{}:record", self.id),
            "title": self.id,
            "type": "object",
            "required": ["schema", "standing", "metadata", "fields"],
            "additionalProperties": false,
            "properties": {
                "schema": { "const": self.id },
                "standing": { "const": STANDING },
                "metadata": { "type": "object", "properties": names, "additionalProperties": false },
                "fields": fields,
            },
        })
    }

    /// The schema of one line of JSON Lines. A field may come under its name or its label, once.
    pub fn of_input(&self) -> Value {
        let mut schema = input_object(&self.fields);
        let head = [
            ("$schema", DIALECT.to_owned()),
            ("$id", format!("urn:certpress:schema:{}:input", self.id)),
            ("title", self.id.clone()),
        ];
        let mut all: Map<String, Value> =
            head.map(|(key, text)| (key.to_owned(), text.into())).into_iter().collect();
        all.append(&mut schema);
        Value::Object(all)
    }
}

/// An object with these fields, those required that a certificate cannot lack.
fn fields(fields: &[Field], value: fn(&Field) -> Value) -> Value {
    let is_sure = |f: &&Field| f.required || f.default.is_some() || f.kind == FieldKind::Approval;
    let required: Vec<&str> = fields.iter().filter(is_sure).map(|f| f.name.as_str()).collect();
    let properties: Map<String, Value> =
        fields.iter().map(|f| (f.name.clone(), titled(f, value(f)))).collect();
    json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
}

/// `schema` with the field's label.
fn titled(field: &Field, mut schema: Value) -> Value {
    if !field.label.is_empty() {
        schema["title"] = field.label.as_str().into();
    }
    schema
}

/// A value in an attached record.
fn attached(field: &Field) -> Value {
    let text = |max: usize| json!({ "type": "string", "minLength": 1, "maxLength": max });
    match &field.kind {
        FieldKind::Text { max } => text(*max),
        FieldKind::PersonName => text(name::MAX_CHARS),
        FieldKind::Approval => text(FieldKind::APPROVAL_MAX),
        FieldKind::Date => {
            json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
        }
        FieldKind::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        FieldKind::Decimal { scale } => pattern(&decimal(*scale)),
        FieldKind::Choice(words) => json!({ "enum": words }),
        FieldKind::ResidentId => pattern("^[0-9]{17}[0-9X]$"),
        FieldKind::Uscc => pattern(&format!("^{USCC}$")),
        FieldKind::Identifier => pattern(IDENTIFIER),
        FieldKind::Image { .. } => image(),
        FieldKind::List { fields: columns, max } => {
            json!({ "type": "array", "minItems": 1, "maxItems": max, "items": fields(columns, attached) })
        }
    }
}

const IDENTIFIER: &str =
    r"^1\.2\.156\.3005\.2\.[0-9A-Z]{21}\.[0-9A-Z]{6,18}\.[0-9A-Z]{7,32}\.[0-9]{3}\.[0-9A-Z]$";

/// Digits with at most `scale` decimals, beside zeros at the end.
fn decimal(scale: u8) -> String {
    let places = if scale == 0 { "0+".to_owned() } else { format!("[0-9]{{1,{scale}}}0*") };
    format!(r"^-?(0|[1-9][0-9]*)(\.{places})?$")
}

fn pattern(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

fn image() -> Value {
    let number = json!({ "type": "integer", "minimum": 1 });
    json!({
        "type": "object",
        "required": ["format", "width", "height", "bytes", "sm3"],
        "additionalProperties": false,
        "properties": {
            "format": { "enum": ["jpg", "png"] },
            "width": number,
            "height": number,
            "bytes": number,
            "sm3": { "type": "string", "pattern": SM3 },
        },
    })
}

/// A metadata value by its short name.
fn entry(name: &str) -> Value {
    let Some(item) = metadata::item_named(name) else { return json!({ "type": "string", "minLength": 1 }) };
    let date = "[0-9]{8}";
    let mut schema = match item.form {
        Form::Text | Form::HolderCode => json!({ "type": "string", "minLength": 1 }),
        Form::Date => pattern(&format!("^{date}$")),
        Form::End => pattern(&format!("^({date}|{FOR_EVER})$")),
        Form::Time => pattern(&format!("^{date}([0-9]{{6}})?$")),
        Form::Uscc => pattern(&format!("^{USCC}$")),
        Form::TypeCode => pattern(&format!("^{USCC}[0-9]{{3}}$")),
        Form::Identifier | Form::Earlier => pattern(IDENTIFIER),
        Form::HolderCodeType => pattern("^[0-9]{3}$"),
    };
    schema["title"] = item.label.into();
    schema
}

/// An object of input with these fields, each under its name or its label.
fn input_object(fields: &[Field]) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut needed = Vec::new();
    for field in fields {
        properties.insert(field.name.clone(), titled(field, input(field)));
        let mut ways = vec![json!({ "required": [field.name] })];
        if !field.label.is_empty() && field.label != field.name {
            properties.insert(field.label.clone(), input(field));
            ways.push(json!({ "required": [field.label] }));
        }
        if field.required && field.default.is_none() || field.kind == FieldKind::Approval {
            needed.push(json!({ "anyOf": ways }));
        }
    }
    let mut object = Map::new();
    object.insert("type".into(), "object".into());
    object.insert("properties".into(), properties.into());
    if !needed.is_empty() {
        object.insert("allOf".into(), needed.into());
    }
    object
}

/// A value of input: anything that binds as this field, whose text a form or another program may have padded.
fn input(field: &Field) -> Value {
    let describe = |description: String| json!({ "type": ["string", "null"], "description": description });
    let mut schema = match &field.kind {
        FieldKind::Text { max } => {
            json!({ "type": ["string", "number", "boolean", "null"], "description": format!("at most {max} characters") })
        }
        FieldKind::PersonName => {
            describe(format!("a person's name of at most {} characters", name::MAX_CHARS))
        }
        FieldKind::Approval => describe("the number under which the row was approved".into()),
        FieldKind::Date => describe("a date: YYYY-MM-DD".into()),
        FieldKind::Integer { min, max } => {
            json!({ "type": ["integer", "string", "null"], "minimum": min, "maximum": max })
        }
        FieldKind::Decimal { scale } => {
            json!({ "type": ["number", "string", "null"], "description": format!("at most {scale} decimals") })
        }
        FieldKind::Choice(words) => describe(format!("one of {}", words.join("、"))),
        FieldKind::ResidentId => describe("a resident identity number (GB 11643)".into()),
        FieldKind::Uscc => describe("a unified social credit code (GB 32100)".into()),
        FieldKind::Identifier => describe("a licence identifier (GB/T 36904)".into()),
        FieldKind::Image { max_bytes } => {
            describe(format!("a JPEG or PNG of at most {max_bytes} bytes: a path, or a data: URL"))
        }
        FieldKind::List { fields, max } => json!({ "anyOf": [
            { "type": "array", "maxItems": max, "items": input_object(fields) },
            { "type": ["string", "null"], "description": "the name of a .csv, .jsonl or .xlsx file of rows" },
        ] }),
    };
    if let Some(default) = &field.default {
        schema["default"] = default.as_str().into();
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_is_the_one_that_the_program_knows() {
        let published = include_str!("../../docs/record.schema.json");
        let known = serde_json::to_string_pretty(&of_any_record()).unwrap();
        assert_eq!(
            published.trim_end(),
            known,
            "write it again with `certpress schema > docs/record.schema.json`"
        );
    }

    #[test]
    fn a_layouts_schemas_say_what_its_fields_take() {
        let columns = vec![
            Field::new("subject", FieldKind::Text { max: 20 }).label("科目").required(),
            Field::new("score", FieldKind::Decimal { scale: 1 }),
        ];
        let fields = vec![
            Field::new("issued_on", FieldKind::Date).label("批准日期").required(),
            Field::new("review", FieldKind::Choice(vec!["普通".into(), "自主".into()])).default_value("普通"),
            Field::new("photo", FieldKind::Image { max_bytes: 1000 }),
            Field::new("scores", FieldKind::List { fields: columns, max: 30 }).label("成绩"),
        ];
        let schema = Schema { id: "demo".into(), fields };
        let record = schema.of_record(["ZZBH", "ZZBFRQ", "KZ_X"]);
        insta::assert_snapshot!("record", serde_json::to_string_pretty(&record).unwrap());
        insta::assert_snapshot!("input", serde_json::to_string_pretty(&schema.of_input()).unwrap());
    }
}
