//! Values of rules, of every shape there is: also for the tests of files that hold them.

use proptest::prelude::*;
use samband_domain::rulesets::{Age, Shape, Value};

/// Any value that a rule of a shape can have.
pub fn value_of(shape: Shape) -> BoxedStrategy<Value> {
    let number = 0..=1_000_000_u32;
    match shape {
        Shape::Span => prop_oneof![
            number.clone().prop_map(Value::Days),
            number.clone().prop_map(Value::Hours),
            number.prop_map(Value::Months),
        ]
        .boxed(),
        Shape::Days => number.prop_map(Value::Days).boxed(),
        Shape::Hours => number.prop_map(Value::Hours).boxed(),
        Shape::Minutes => number.prop_map(Value::Minutes).boxed(),
        Shape::Months => number.prop_map(Value::Months).boxed(),
        Shape::Years => number.prop_map(Value::Years).boxed(),
        Shape::Count(_) => number.prop_map(Value::Count).boxed(),
        Shape::GramsPerLitre => number.prop_map(Value::GramsPerLitre).boxed(),
        Shape::Kilograms => number.prop_map(Value::Kilograms).boxed(),
        Shape::Millilitres => number.prop_map(Value::Millilitres).boxed(),
        Shape::Age => (0..=120_u8, any::<bool>())
            .prop_map(|(years, inclusive)| Value::Age(Age { years, inclusive }))
            .boxed(),
        Shape::Temperature => (prop::option::of(-3_000..=3_000_i16), 0..=500_i16)
            .prop_map(|(min_tenths, width)| {
                let max_tenths = min_tenths.map_or(width - 250, |min| (min + width).min(3_000));
                Value::Temperature { min_tenths, max_tenths }
            })
            .boxed(),
        Shape::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        Shape::Choice(among) => {
            prop::sample::select(among).prop_map(|code| Value::Choice(code.into())).boxed()
        }
        Shape::List(among) => prop::sample::subsequence(among.to_vec(), 0..=among.len())
            .prop_map(|codes| Value::List(codes.into_iter().map(Into::into).collect()))
            .boxed(),
    }
}
