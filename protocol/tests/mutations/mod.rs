//! Changes to JSON that was valid: another value, one more, one less, or an early end.

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use serde_json::{Map, Value, from_str};

#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    Put(Index, Value),
    Wrap(Index),
    /// In every object.
    Add(String, Value),
    /// From every object.
    Remove(Index),
    Truncate(Index),
}

pub(crate) fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (any::<Index>(), json()).prop_map(|(at, value)| Mutation::Put(at, value)),
        any::<Index>().prop_map(Mutation::Wrap),
        ("[a-z]{1,6}", json()).prop_map(|(name, value)| Mutation::Add(name, value)),
        any::<Index>().prop_map(Mutation::Remove),
        any::<Index>().prop_map(Mutation::Truncate),
    ]
}

fn json() -> impl Strategy<Value = Value> {
    let words = ["room", "person", "desk", "beat", "id", "KMRT", "kmrt", " general "];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        select(words.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec(("[a-z]{1,5}", inner), 0..4).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

/// What is no JSON any more stays as it is.
pub(crate) fn mutate(text: String, mutation: &Mutation) -> String {
    let Ok(mut json) = from_str::<Value>(&text) else { return text };
    match mutation {
        Mutation::Put(at, value) => leaf(&mut json, at, &mut |leaf| *leaf = value.clone()),
        Mutation::Wrap(at) => {
            leaf(&mut json, at, &mut |leaf| *leaf = Value::from(vec![leaf.take()]))
        }
        Mutation::Add(name, value) => objects(&mut json, &mut |fields| {
            fields.insert(name.clone(), value.clone());
        }),
        Mutation::Remove(which) => objects(&mut json, &mut |fields| {
            let name = fields.keys().nth(which.index(fields.len().max(1))).cloned();
            name.and_then(|name| fields.remove(&name));
        }),
        Mutation::Truncate(to) => {
            let to = text.floor_char_boundary(to.index(text.len() + 1));
            return text[..to].to_owned();
        }
    }
    json.to_string()
}

/// Acts on one value of those that have none in them.
fn leaf(json: &mut Value, at: &Index, act: &mut dyn FnMut(&mut Value)) {
    let leaves = leaves(json);
    let mut left = at.index(leaves);
    walk(json, &mut |value| {
        if left == 0 {
            act(value);
        }
        left = left.wrapping_sub(1);
    });
}

fn leaves(json: &mut Value) -> usize {
    let mut count = 0;
    walk(json, &mut |_| count += 1);
    count
}

fn walk(json: &mut Value, act: &mut dyn FnMut(&mut Value)) {
    match json {
        Value::Array(values) if !values.is_empty() => {
            values.iter_mut().for_each(|value| walk(value, act));
        }
        Value::Object(values) if !values.is_empty() => {
            values.values_mut().for_each(|value| walk(value, act));
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => act(json),
    }
}

fn objects(json: &mut Value, act: &mut dyn FnMut(&mut Map<String, Value>)) {
    match json {
        Value::Array(values) => values.iter_mut().for_each(|value| objects(value, act)),
        Value::Object(values) => {
            values.values_mut().for_each(|value| objects(value, act));
            act(values);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
