//! Any alert that the types can express.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use samband_domain::Time;
use samband_exchange::cap::{
    AbsoluteUri, Alert, Area, Base64, Circle, Content, Decimal, Height, Info, Item, Language, Many,
    Message, MimeType, Moment, Named, Parts, Point, Polygon, Reference, Resource, Scope, Sha1,
    Status, Text, Token, Uri, Word,
};

fn text() -> impl Strategy<Value = Text> {
    prop_oneof!["[ -~åäöÅÄÖ\n\t]{1,40}", ".{1,12}", Just("<b>&amp; ]]> \"'\r\n & <!--".to_owned()),]
        .prop_filter_map("no text", |text| Text::new(&text).ok())
}

fn token() -> impl Strategy<Value = Token> {
    prop_oneof!["[A-Za-z0-9@:._>\"'-]{1,20}", "\\PC{1,8}"]
        .prop_filter_map("no token", |text| Token::new(&text).ok())
}

fn item() -> impl Strategy<Value = Item> {
    prop_oneof!["[a-zåäö0-9@&<, ]{1,20}", "\\PC{1,8}"]
        .prop_filter_map("no item", |text| Item::new(&text).ok())
}

/// From the year 1 to the year 9999.
fn moment() -> impl Strategy<Value = Moment> {
    let time = (-62_135_500_000_i64..253_402_200_000).prop_map(|second| Time(second * 1_000_000));
    (time, -840_i16..=840, 0..3).prop_filter_map("no moment", |(time, minutes, kind)| match kind {
        0 => Moment::utc(time),
        1 => Moment::swedish(time),
        _ => Moment::at(time, minutes),
    })
}

fn word<W: Word + std::fmt::Debug>() -> impl Strategy<Value = W> {
    select(W::ALL)
}

fn many<T: std::fmt::Debug>(all: Vec<T>) -> Many<T> {
    Many::new(all).expect("one at least")
}

fn reference() -> impl Strategy<Value = Reference> {
    (token(), token(), moment()).prop_map(|(sender, identifier, sent)| Reference {
        sender,
        identifier,
        sent,
    })
}

fn status() -> impl Strategy<Value = Status> {
    (0..5, option::of(text()), token()).prop_filter_map("no note", |(kind, note, exercise)| {
        Some(match kind {
            0 => Status::Actual { note },
            1 => Status::System { note },
            2 => Status::Test { note },
            3 => Status::Draft { note },
            _ => Status::exercise(&Token::new(&format!("OVN-{exercise}")).ok()?, "övning").ok()?,
        })
    })
}

fn message() -> impl Strategy<Value = Message> {
    (0..5, vec(reference(), 0..3), reference()).prop_map(|(kind, mut references, one)| {
        if kind == 0 {
            return Message::Alert { references };
        }
        references.push(one);
        let many = many(references);
        match kind {
            1 => Message::Update(many),
            2 => Message::Cancel(many),
            3 => Message::Ack(many),
            _ => Message::Error(many),
        }
    })
}

fn scope() -> impl Strategy<Value = Scope> {
    (0..3, vec(item(), 0..3), item(), text()).prop_map(|(kind, mut addresses, one, restriction)| {
        match kind {
            0 => Scope::Public { addresses },
            1 => Scope::Restricted { restriction, addresses },
            _ => {
                addresses.push(one);
                Scope::Private { addresses: many(addresses) }
            }
        }
    })
}

fn language() -> impl Strategy<Value = Language> {
    prop_oneof![
        Just(Language::swedish()),
        "[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8}){0,3}"
            .prop_filter_map("no language", |tag| Language::new(&tag).ok())
    ]
}

fn absolute() -> impl Strategy<Value = AbsoluteUri> {
    prop_oneof![
        "https://[a-z]{1,10}\\.se(:[0-9]{1,4})?(/[a-zå%]{0,4})?(\\?[a-z=&]{0,6})?(#[a-z]{0,3})?",
        "mailto:[a-z]{1,5}@[a-z]{1,5}",
        Just("https://[2001:db8::1]:8443/a?b#c".to_owned()),
        Just("urn:oid:1.2.752".to_owned()),
    ]
    .prop_filter_map("no address", |text| AbsoluteUri::new(&text).ok())
}

fn uri() -> impl Strategy<Value = Uri> {
    prop_oneof![
        absolute().prop_map(Uri::from),
        "[a-z0-9_./-]{1,12}".prop_filter_map("no address", |text| Uri::new(&text).ok()),
    ]
}

fn named() -> impl Strategy<Value = Named> {
    (text(), option::of(text())).prop_map(|(name, value)| Named { name, value })
}

fn content() -> impl Strategy<Value = Content> {
    let bytes = vec(any::<u8>(), 1..80).prop_map(|bytes| Base64::encode(&bytes).expect("bytes"));
    prop_oneof![
        Just(Content::Unstated),
        absolute().prop_map(Content::At),
        (option::of(uri()), bytes).prop_map(|(uri, bytes)| Content::Within { uri, bytes }),
    ]
}

fn resource() -> impl Strategy<Value = Resource> {
    let mime_type = select(vec!["image/png", "text/plain; charset=utf-8", "x-own/thing"])
        .prop_map(|text| MimeType::new(text).expect("a type"));
    let digest = "[0-9a-f]{40}".prop_map(|text| Sha1::new(&text).expect("a digest"));
    (text(), mime_type, option::of(any::<u64>()), content(), option::of(digest)).prop_map(
        |(description, mime_type, size, content, digest)| Resource {
            description,
            mime_type,
            size,
            content,
            digest,
        },
    )
}

fn point() -> impl Strategy<Value = Point> {
    (-90_000_000_000_i64..=90_000_000_000, -180_000_000_000_i64..=180_000_000_000).prop_map(
        |(latitude, longitude)| {
            Point::new(Decimal::nano(latitude), Decimal::nano(longitude)).expect("on the earth")
        },
    )
}

fn area() -> impl Strategy<Value = Area> {
    let polygon =
        vec(point(), 3..6).prop_filter_map("sides meet", |corners| Polygon::new(&corners).ok());
    let circle = (point(), 0..i64::MAX)
        .prop_map(|(centre, radius)| Circle::new(centre, Decimal::nano(radius)).expect("a circle"));
    let height = (any::<i64>(), option::of(any::<i64>())).prop_filter_map(
        "no height",
        |(altitude, ceiling)| {
            let low = Decimal::nano(altitude.max(-i64::MAX));
            Height::new(low, ceiling.map(|ceiling| Decimal::nano(ceiling.max(altitude))))
        },
    );
    let parts = (vec(polygon, 0..3), vec(circle, 0..3), vec(named(), 0..2), option::of(height));
    (text(), parts).prop_map(|(description, (polygons, circles, geocodes, height))| Area {
        description,
        polygons,
        circles,
        geocodes,
        height,
    })
}

fn info() -> impl Strategy<Value = Info> {
    let head = (language(), vec(word(), 1..3), text(), vec(word(), 0..3));
    let grave = (word(), word(), word());
    let moments = (option::of(moment()), option::of(moment()), option::of(moment()));
    let words = (vec(option::of(text()), 6), vec(named(), 0..3), vec(named(), 0..3));
    let rest = (option::of(absolute()), vec(resource(), 0..2), vec(area(), 0..2));
    (head, grave, moments, words, rest).prop_map(
        |(
            (language, categories, event, responses),
            (urgency, severity, certainty),
            (effective, onset, expires),
            (mut texts, event_codes, parameters),
            (web, resources, areas),
        )| Info {
            language,
            categories: many(categories),
            event,
            responses,
            urgency,
            severity,
            certainty,
            audience: texts.pop().flatten(),
            event_codes,
            effective,
            onset,
            expires,
            sender_name: texts.pop().flatten(),
            headline: texts.pop().flatten(),
            description: texts.pop().flatten(),
            instruction: texts.pop().flatten(),
            web,
            contact: texts.pop().flatten(),
            parameters,
            resources,
            areas,
        },
    )
}

/// Any alert.
pub fn alert() -> impl Strategy<Value = Alert> {
    let head = (token(), token(), moment(), status(), message(), scope());
    let rest = (option::of(text()), vec(text(), 0..3), vec(item(), 0..3), vec(info(), 0..3));
    (head, rest).prop_filter_map(
        "refers to itself",
        |(
            (identifier, sender, sent, status, message, scope),
            (source, codes, incidents, infos),
        )| {
            let parts = Parts {
                identifier,
                sender,
                sent,
                status,
                message,
                source,
                scope,
                codes,
                incidents,
                infos,
            };
            Alert::new(parts).ok()
        },
    )
}
