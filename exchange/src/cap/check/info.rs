//! Checks what stands in `<info>` and `<resource>`.

use std::collections::BTreeMap;

use super::slots::{Found, INFO, RESOURCE};
use super::{Checker, Node, quoted};
use crate::cap::alert::Many;
use crate::cap::base64::Base64;
use crate::cap::info::{Content, Info, Resource};
use crate::cap::moment::Moment;
use crate::cap::problem::Code;
use crate::cap::text::{Language, MimeType, Sha1, Text};
use crate::cap::uri::{AbsoluteUri, Uri};

/// What was said before, by element and text, in which language.
#[derive(Debug, Default)]
pub(super) struct Said(BTreeMap<(String, String), String>);

impl Checker {
    pub(super) fn info(
        &mut self,
        node: &Node<'_>,
        sent: Option<&Moment>,
        said: &mut Said,
    ) -> Option<Info> {
        let found = self.found(node, INFO);
        let language = self.language(node, &found);
        let categories = found.all("category").iter().map(|node| self.word(Some(node))).collect();
        let event = self.said_text(&found, "event", language.as_ref(), said);
        let responses =
            found.all("responseType").iter().map(|node| self.word(Some(node))).collect();
        let urgency = self.word(found.one("urgency"));
        let severity = self.word(found.one("severity"));
        let certainty = self.word(found.one("certainty"));
        let effective = self.moment(found.one("effective"));
        let onset = self.moment(found.one("onset"));
        let expires = self.moment(found.one("expires"));
        self.expires(&found, expires.as_ref(), effective.as_ref().or(sent));
        let headline = self.said_text(&found, "headline", language.as_ref(), said);
        let description = self.said_text(&found, "description", language.as_ref(), said);
        let instruction = self.said_text(&found, "instruction", language.as_ref(), said);
        let info = Info {
            audience: self.spare(found.one("audience")),
            event_codes: self.named(found.all("eventCode")),
            sender_name: self.spare(found.one("senderName")),
            web: self.web(found.one("web")),
            contact: self.spare(found.one("contact")),
            parameters: self.named(found.all("parameter")),
            resources: found.all("resource").iter().filter_map(|one| self.resource(one)).collect(),
            areas: found.all("area").iter().filter_map(|one| self.area(one)).collect(),
            language: language?,
            categories: categories_of(categories)?,
            event: event?,
            responses: Option::<Vec<_>>::from_iter::<Vec<_>>(responses)?,
            urgency: urgency?,
            severity: severity?,
            certainty: certainty?,
            effective,
            onset,
            expires,
            headline,
            description,
            instruction,
        };
        Some(info)
    }

    fn language(&mut self, node: &Node<'_>, found: &Found<'_>) -> Option<Language> {
        let Some(stated) = found.one("language") else {
            self.say(Code::LanguageMissing, node, "<language> is missing");
            return Some(Language::assumed());
        };
        let text = self.leaf(stated).trim();
        // The schema fills an empty one in, as if it were not there.
        if text.is_empty() {
            self.say(Code::LanguageMissing, stated, "<language> is empty");
            return Some(Language::assumed());
        }
        let language = Language::new(text);
        if language.is_err() {
            self.say(Code::Language, stated, format!("“{}” is no language tag", quoted(text)));
        }
        language.ok()
    }

    /// A text for people, which should not be the same in two languages.
    fn said_text(
        &mut self,
        found: &Found<'_>,
        name: &str,
        language: Option<&Language>,
        said: &mut Said,
    ) -> Option<Text> {
        let node = found.one(name)?;
        let text = if name == "event" { self.text(Some(node)) } else { self.spare(Some(node)) }?;
        if let Some(language) = language.map(Language::primary) {
            let before = said.0.entry((name.to_owned(), text.to_string()));
            let first = before.or_insert_with(|| language.clone());
            if *first != language {
                let text = format!("the same text stands in {first} and in {language}");
                self.say(Code::SameText, node, text);
            }
        }
        Some(text)
    }

    fn expires(&mut self, found: &Found<'_>, expires: Option<&Moment>, begins: Option<&Moment>) {
        if let (Some(expires), Some(begins), Some(node)) = (expires, begins, found.one("expires"))
            && expires.seconds() < begins.seconds()
        {
            self.say(Code::Expires, node, format!("{expires} is before {begins}"));
        }
    }

    fn web(&mut self, node: Option<&Node<'_>>) -> Option<AbsoluteUri> {
        let node = node?;
        let text = self.leaf(node).trim();
        let uri = AbsoluteUri::new(text);
        if uri.is_err() {
            self.say(Code::Web, node, format!("“{}” is no full address", quoted(text)));
        }
        uri.ok()
    }

    fn resource(&mut self, node: &Node<'_>) -> Option<Resource> {
        let found = self.found(node, RESOURCE);
        let description = self.text(found.one("resourceDesc"));
        let mime_type = self.mime_type(found.one("mimeType"));
        let size = self.size(found.one("size"));
        let content = self.content(&found);
        let digest = self.digest(found.one("digest"));
        if let (Some(size), Some(Content::Within { bytes, .. })) = (size, &content)
            && size != bytes.size()
            && let Some(node) = found.one("size")
        {
            let text = format!("<size> is {size}, <derefUri> stands for {} bytes", bytes.size());
            self.say(Code::SizeDiffers, node, text);
        }
        Some(Resource {
            description: description?,
            mime_type: mime_type?,
            size,
            content: content?,
            digest,
        })
    }

    fn mime_type(&mut self, node: Option<&Node<'_>>) -> Option<MimeType> {
        let node = node?;
        let text = self.leaf(node).trim();
        let mime_type = MimeType::new(text);
        if mime_type.is_err() {
            self.say(Code::MimeType, node, format!("“{}” is no media type", quoted(text)));
        }
        mime_type.ok()
    }

    fn size(&mut self, node: Option<&Node<'_>>) -> Option<u64> {
        let node = node?;
        let text = self.leaf(node).trim();
        let digits = text.strip_prefix('+').unwrap_or(text);
        let size = digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()));
        if size.is_none() {
            self.say(Code::Size, node, format!("“{}” is no number of bytes", quoted(text)));
        }
        size
    }

    fn digest(&mut self, node: Option<&Node<'_>>) -> Option<Sha1> {
        let node = node?;
        let text = self.leaf(node).trim();
        if text.is_empty() {
            self.say(Code::Blank, node, "<digest> is empty");
            return None;
        }
        let digest = Sha1::new(text);
        if digest.is_err() {
            self.say(Code::Digest, node, format!("“{}” is no SHA-1 digest", quoted(text)));
        }
        digest.ok()
    }

    /// Where a file's bytes are; `None` if that is said wrongly.
    fn content(&mut self, found: &Found<'_>) -> Option<Content> {
        let bytes = match found.one("derefUri") {
            Some(node) => {
                let text = self.leaf(node);
                let bytes = Base64::new(text).ok();
                if bytes.is_none() {
                    self.say(Code::DerefUri, node, format!("“{}” is no base64", quoted(text)));
                }
                Some(bytes)
            }
            None => None,
        };
        let uri = match found.one("uri") {
            Some(node) => {
                let text = self.leaf(node).trim();
                let uri = Uri::new(text).ok();
                match &uri {
                    None => {
                        self.say(Code::Uri, node, format!("“{}” is no address", quoted(text)));
                    }
                    Some(uri) if !uri.is_absolute() && bytes.is_none() => {
                        let text =
                            format!("“{}” is relative, and there is no <derefUri>", quoted(text));
                        self.say(Code::RelativeUri, node, text);
                    }
                    Some(_) => {}
                }
                Some(uri)
            }
            None => None,
        };
        match (uri, bytes) {
            (None, None) => Some(Content::Unstated),
            (Some(uri), None) => Some(Content::At(AbsoluteUri::new(uri?.text()).ok()?)),
            (None, Some(bytes)) => Some(Content::Within { uri: None, bytes: bytes? }),
            (Some(uri), Some(bytes)) => Some(Content::Within { uri: Some(uri?), bytes: bytes? }),
        }
    }
}

fn categories_of<T>(all: Vec<Option<T>>) -> Option<Many<T>> {
    Many::new(all.into_iter().collect::<Option<Vec<T>>>()?)
}
