//! Reads a frame with the browser's own parser, into the same types that the server writes.
//!
//! `serde_json` would bring a second JSON parser, and for each type the code to read it from an
//! array and to say at length what is wrong: 60 KB of the bundle, 20 KB compressed.

use js_sys::{Array, JSON, Object, Reflect};
use serde::{
    Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, EnumAccess, Error, IntoDeserializer, MapAccess,
        SeqAccess, VariantAccess, Visitor, value::U32Deserializer,
    },
    forward_to_deserialize_any,
};
use wasm_bindgen::{JsCast, JsValue};

/// `None` for text that is no JSON, or no `T`.
pub(crate) fn decode<T: DeserializeOwned>(text: &str) -> Option<T> {
    T::deserialize(Js(JSON::parse(text).ok()?)).ok()
}

/// What is wrong, nobody would read.
#[derive(Debug)]
struct Wrong;

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not what was expected")
    }
}

impl std::error::Error for Wrong {}

impl Error for Wrong {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Js(JsValue);

impl Js {
    fn place(&self, of: &'static [&'static str]) -> Result<u32, Wrong> {
        let name = self.0.as_string().ok_or(Wrong)?;
        of.iter()
            .position(|one| *one == name)
            .and_then(|place| u32::try_from(place).ok())
            .ok_or(Wrong)
    }
}

impl<'de> Deserializer<'de> for Js {
    type Error = Wrong;

    /// Of what stands for itself: a bool, a number or a string.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if let Some(text) = self.0.as_string() {
            visitor.visit_string(text)
        } else if let Some(number) = self.0.as_f64() {
            // Whole and below 2⁵³, as all of the protocol's are.
            if number < 0.0 {
                visitor.visit_i64(number as i64)
            } else {
                visitor.visit_u64(number as u64)
            }
        } else if let Some(yes) = self.0.as_bool() {
            visitor.visit_bool(yes)
        } else {
            Err(Wrong)
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let items = self.0.dyn_into().map_err(|_| Wrong)?;
        visitor.visit_seq(Items { items, next: 0 })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        if !self.0.is_object() {
            return Err(Wrong);
        }
        visitor.visit_map(Fields { object: self.0, fields, next: 0, value: JsValue::UNDEFINED })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        if self.0.is_string() {
            let place = self.place(variants)?;
            return visitor.visit_enum(Variant { place, content: JsValue::UNDEFINED });
        }
        let object: Object = self.0.dyn_into().map_err(|_| Wrong)?;
        let name = Object::keys(&object).get(0);
        let content = Reflect::get(&object, &name).map_err(|_| Wrong)?;
        visitor.visit_enum(Variant { place: Js(name).place(variants)?, content })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string
        bytes byte_buf unit unit_struct tuple_struct map identifier ignored_any
    }
}

struct Items {
    items: Array,
    next: u32,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        if self.next == self.items.length() {
            return Ok(None);
        }
        self.next += 1;
        seed.deserialize(Js(self.items.get(self.next - 1))).map(Some)
    }
}

/// Fields are asked for by their places: what else is in the object is not looked at.
struct Fields {
    object: JsValue,
    fields: &'static [&'static str],
    next: u32,
    value: JsValue,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        while let Some(name) = self.fields.get(self.next as usize) {
            self.next += 1;
            self.value = Reflect::get(&self.object, &JsValue::from_str(name)).map_err(|_| Wrong)?;
            if !self.value.is_undefined() {
                let place: U32Deserializer<Wrong> = (self.next - 1).into_deserializer();
                return seed.deserialize(place).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        seed.deserialize(Js(std::mem::take(&mut self.value)))
    }
}

struct Variant {
    place: u32,
    content: JsValue,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Wrong;
    type Variant = Js;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Js), Wrong> {
        let place: U32Deserializer<Wrong> = self.place.into_deserializer();
        Ok((seed.deserialize(place)?, Js(self.content)))
    }
}

impl<'de> VariantAccess<'de> for Js {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_struct("", fields, visitor)
    }
}
