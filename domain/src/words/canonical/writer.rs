//! Writes a value in canonical form straight into text: what is written out of order is put in
//! order when its object ends.

use std::borrow::Cow;

use serde::ser::{self, Serialize};
use serde_json::Value;

use super::Canonical;

type Done = Result<(), Canonical>;

impl ser::Error for Canonical {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::Json(<serde_json::Error as ser::Error>::custom(message))
    }
}

/// Writes values one after the other.
pub(super) struct Writer {
    pub(super) out: Vec<u8>,
}

impl Writer {
    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Text and integers as everywhere in JSON.
    fn json<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        Ok(serde_json::to_writer(&mut self.out, value)?)
    }

    fn list(&mut self) -> List<'_> {
        self.put("[");
        List { start: self.out.len(), writer: self, ending: "]" }
    }

    fn object(&mut self, len: usize, ending: &'static str) -> Object<'_> {
        self.put("{");
        let entries = Vec::with_capacity(len);
        Object { start: self.out.len(), writer: self, entries, key: Cow::Borrowed(""), ending }
    }

    fn variant(&mut self, name: &str) -> Done {
        self.put("{");
        self.json(name)?;
        self.put(":");
        Ok(())
    }
}

/// A list.
pub(super) struct List<'w> {
    writer: &'w mut Writer,
    start: usize,
    ending: &'static str,
}

impl List<'_> {
    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        if self.writer.out.len() > self.start {
            self.writer.put(",");
        }
        value.serialize(&mut *self.writer)
    }

    fn close(self) {
        self.writer.put(self.ending);
    }
}

/// An object, and where each of its entries begins and ends.
pub(super) struct Object<'w> {
    writer: &'w mut Writer,
    start: usize,
    entries: Vec<(Cow<'static, str>, usize, usize)>,
    key: Cow<'static, str>,
    ending: &'static str,
}

impl Object<'_> {
    fn add<T: Serialize + ?Sized>(&mut self, key: Cow<'static, str>, value: &T) -> Done {
        if !self.entries.is_empty() {
            self.writer.put(",");
        }
        let from = self.writer.out.len();
        self.writer.json(&*key)?;
        self.writer.put(":");
        value.serialize(&mut *self.writer)?;
        self.entries.push((key, from, self.writer.out.len()));
        Ok(())
    }

    fn close(mut self) {
        if !self.entries.is_sorted_by(|(a, ..), (b, ..)| a < b) {
            self.put_in_order();
        }
        self.writer.put(self.ending);
    }

    /// Of two entries with one key the last counts.
    fn put_in_order(&mut self) {
        let written = self.writer.out.split_off(self.start);
        self.entries.reverse();
        self.entries.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        self.entries.dedup_by(|(a, ..), (b, ..)| a == b);
        for (n, (_, from, to)) in self.entries.iter().enumerate() {
            if n > 0 {
                self.writer.out.push(b',');
            }
            let entry = from - self.start..to - self.start;
            self.writer.out.extend_from_slice(&written[entry]);
        }
    }
}

/// A map's key as text: text itself, or a number or a truth value in quotes.
fn key_of<T: Serialize + ?Sized>(key: &T) -> Result<String, Canonical> {
    match serde_json::to_value(key)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(truth.to_string()),
        _ => Err(ser::Error::custom("key must be a string")),
    }
}

macro_rules! integers {
    ($($name:ident $type:ty),*) => {$(
        fn $name(self, value: $type) -> Done {
            self.json(&value)
        }
    )*};
}

impl<'w> ser::Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Canonical;
    type SerializeSeq = List<'w>;
    type SerializeTuple = List<'w>;
    type SerializeTupleStruct = List<'w>;
    type SerializeTupleVariant = List<'w>;
    type SerializeMap = Object<'w>;
    type SerializeStruct = Object<'w>;
    type SerializeStructVariant = Object<'w>;

    integers!(
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64
    );

    fn serialize_bool(self, value: bool) -> Done {
        self.put(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i128(self, value: i128) -> Done {
        // The same numbers as a JSON value can hold.
        serde_json::to_value(value)?.serialize(self)
    }

    fn serialize_u128(self, value: u128) -> Done {
        serde_json::to_value(value)?.serialize(self)
    }

    fn serialize_f32(self, value: f32) -> Done {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Done {
        if value.is_finite() {
            return Err(Canonical::Fraction(Value::from(value).to_string()));
        }
        self.serialize_unit()
    }

    fn serialize_char(self, value: char) -> Done {
        self.json(&value)
    }

    fn serialize_str(self, value: &str) -> Done {
        self.json(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Done {
        self.json(value)
    }

    fn serialize_none(self) -> Done {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.put("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.json(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        self.variant(variant)?;
        value.serialize(&mut *self)?;
        self.put("}");
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'w>, Canonical> {
        Ok(self.list())
    }

    fn serialize_tuple(self, _: usize) -> Result<List<'w>, Canonical> {
        Ok(self.list())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List<'w>, Canonical> {
        Ok(self.list())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<List<'w>, Canonical> {
        self.variant(variant)?;
        Ok(List { ending: "]}", ..self.list() })
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Object<'w>, Canonical> {
        Ok(self.object(len.unwrap_or_default(), "}"))
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Object<'w>, Canonical> {
        if name.starts_with("$serde_json") {
            // Its text may be in any form.
            return Err(ser::Error::custom("raw JSON"));
        }
        Ok(self.object(len, "}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Object<'w>, Canonical> {
        self.variant(variant)?;
        Ok(self.object(len, "}}"))
    }
}

macro_rules! lists {
    ($($Trait:ident $add:ident),*) => {$(
        impl ser::$Trait for List<'_> {
            type Ok = ();
            type Error = Canonical;

            fn $add<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
                self.add(value)
            }

            fn end(self) -> Done {
                self.close();
                Ok(())
            }
        }
    )*};
}

lists!(
    SerializeSeq serialize_element, SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field
);

macro_rules! objects {
    ($($Trait:ident),*) => {$(
        impl ser::$Trait for Object<'_> {
            type Ok = ();
            type Error = Canonical;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Done {
                self.add(Cow::Borrowed(key), value)
            }

            fn end(self) -> Done {
                self.close();
                Ok(())
            }
        }
    )*};
}

objects!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Object<'_> {
    type Ok = ();
    type Error = Canonical;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        self.key = Cow::Owned(key_of(key)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        let key = std::mem::take(&mut self.key);
        self.add(key, value)
    }

    fn end(self) -> Done {
        self.close();
        Ok(())
    }
}
