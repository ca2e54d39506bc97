//! Checks what stands in `<alert>` and how it hangs together.

use std::collections::HashSet;

use super::slots::{ALERT, Found};
use super::{Checker, Node, quoted};
use crate::cap::alert::{Alert, Many, Message, Parts, Reference, Scope, Status};
use crate::cap::info::Info;
use crate::cap::moment::Moment;
use crate::cap::problem::Code;
use crate::cap::text::{Text, Token};
use crate::cap::words::{MessageWord, ScopeWord, StatusWord};

impl Checker {
    pub(super) fn alert(&mut self, node: &Node<'_>) -> Option<Alert> {
        let found = self.found(node, ALERT);
        let identifier = self.token(found.one("identifier"), Code::Identifier);
        let sender = self.token(found.one("sender"), Code::Sender);
        let sent = self.moment(found.one("sent"));
        let message = self.word::<MessageWord>(found.one("msgType"));
        let status = self.status(&found, identifier.as_ref(), message);
        let own = identifier.clone().zip(sender.clone());
        let message = self.message(&found, message, own.as_ref(), sent.as_ref());
        let source = self.spare(found.one("source"));
        let scope = self.scope(&found);
        let codes = self.spares(found.all("code"));
        let incidents = self.items(found.one("incidents"));
        let infos = self.infos(found.all("info"), sent.as_ref());
        if let Some(signature) = found.signature() {
            self.say(Code::Signature, signature, "there is a signature");
        }
        let parts = Parts {
            identifier: identifier?,
            sender: sender?,
            sent: sent?,
            status: status?,
            message: message?,
            source,
            scope: scope?,
            codes,
            incidents,
            infos: infos?,
        };
        Alert::new(parts).ok()
    }

    fn status(
        &mut self,
        found: &Found<'_>,
        identifier: Option<&Token>,
        message: Option<MessageWord>,
    ) -> Option<Status> {
        let node = found.one("status");
        let word = self.word::<StatusWord>(node);
        self.exercise = word == Some(StatusWord::Exercise);
        let note = self.spare(found.one("note"));
        let says = note.as_ref().is_some_and(|note| note.chars().any(char::is_alphanumeric));
        if let (Some(StatusWord::Exercise), Some(node), false) = (word, node, says) {
            self.say(Code::ExerciseNote, node, "<note> does not name the exercise");
        }
        let named = identifier.is_some_and(|identifier| identifier.starts_with("OVN-"));
        if let (Some(word), Some(node), true) = (word, node, named)
            && word != StatusWord::Exercise
        {
            let text = format!("the identifier begins with OVN-, but <status> is {word:?}");
            self.say(Code::ExerciseIdentifier, node, text);
        }
        if let (Some(MessageWord::Error), Some(node), false) = (message, found.one("msgType"), says)
        {
            self.say(Code::ErrorNote, node, "<note> does not say why");
        }
        Some(match word? {
            StatusWord::Actual => Status::Actual { note },
            StatusWord::Exercise => Status::Exercise { note: note.filter(|_| says)? },
            StatusWord::System => Status::System { note },
            StatusWord::Test => Status::Test { note },
            StatusWord::Draft => Status::Draft { note },
        })
    }

    fn scope(&mut self, found: &Found<'_>) -> Option<Scope> {
        let node = found.one("scope");
        let word = self.word::<ScopeWord>(node);
        let addresses = self.items(found.one("addresses"));
        let restriction = self.restriction(found, word);
        match word? {
            ScopeWord::Public => Some(Scope::Public { addresses }),
            ScopeWord::Restricted => {
                Some(Scope::Restricted { restriction: restriction?, addresses })
            }
            ScopeWord::Private => {
                let unnamed = addresses.is_empty();
                let addresses = Many::new(addresses);
                // A list with something wrong in it was reported already.
                let said =
                    found.one("addresses").is_some_and(|node| !node.element.text.trim().is_empty());
                if let (Some(node), true, false) = (node, unnamed, said) {
                    self.say(
                        Code::AddressesMissing,
                        node,
                        "<scope> is Private without <addresses>",
                    );
                }
                Some(Scope::Private { addresses: addresses? })
            }
        }
    }

    fn restriction(&mut self, found: &Found<'_>, word: Option<ScopeWord>) -> Option<Text> {
        let text = self.spare(found.one("restriction"));
        match (word, found.one("restriction")) {
            (Some(ScopeWord::Restricted), _) if text.is_none() => {
                if let Some(node) = found.one("scope") {
                    let text = "<scope> is Restricted without <restriction>";
                    self.say(Code::RestrictionMissing, node, text);
                }
            }
            (Some(ScopeWord::Public | ScopeWord::Private), Some(node)) if text.is_some() => {
                self.say(Code::RestrictionScope, node, "<scope> is not Restricted");
            }
            _ => {}
        }
        text
    }

    fn message(
        &mut self,
        found: &Found<'_>,
        word: Option<MessageWord>,
        own: Option<&(Token, Token)>,
        sent: Option<&Moment>,
    ) -> Option<Message> {
        let node = found.one("references");
        let references = node.map(|node| self.references(node, own, sent));
        let given = references.as_ref().is_some_and(Option::is_none);
        let references = references.flatten().unwrap_or_default();
        let kind: fn(Many<Reference>) -> Message = match word? {
            MessageWord::Alert => return Some(Message::Alert { references }),
            MessageWord::Update => Message::Update,
            MessageWord::Cancel => Message::Cancel,
            MessageWord::Ack => Message::Ack,
            MessageWord::Error => Message::Error,
        };
        let many = Many::new(references);
        if let (None, false, Some(node)) = (&many, given, found.one("msgType")) {
            let text = format!("<msgType> is {:?} without <references>", word?);
            self.say(Code::ReferencesMissing, node, text);
        }
        many.map(kind)
    }

    /// The references; `None` if one of them is wrong.
    fn references(
        &mut self,
        node: &Node<'_>,
        own: Option<&(Token, Token)>,
        sent: Option<&Moment>,
    ) -> Option<Vec<Reference>> {
        let text = self.leaf(node);
        let mut references: Vec<Reference> = Vec::new();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut right = true;
        for piece in text.split_whitespace() {
            let Some(reference) = read_reference(piece) else {
                let text = format!("“{}” is not sender,identifier,sent", quoted(piece));
                self.say(Code::Reference, node, text);
                right = false;
                continue;
            };
            if own.is_some_and(|(identifier, sender)| {
                (identifier, sender) == (&reference.identifier, &reference.sender)
            }) {
                self.say(Code::SelfReference, node, format!("“{}” is this alert", quoted(piece)));
                right = false;
            }
            if sent.is_some_and(|sent| reference.sent.seconds() > sent.seconds()) {
                let text = format!("“{}” was sent later than this alert", quoted(piece));
                self.say(Code::LaterReference, node, text);
            }
            if !seen.insert(piece) {
                let text = format!("“{}” stands twice", quoted(piece));
                self.say(Code::RepeatedReference, node, text);
            }
            references.push(reference);
        }
        if references.is_empty() && right {
            self.say(Code::Reference, node, "there is no reference");
            right = false;
        }
        right.then_some(references)
    }

    fn infos(&mut self, nodes: &[Node<'_>], sent: Option<&Moment>) -> Option<Vec<Info>> {
        let mut said = super::info::Said::default();
        let infos: Vec<Option<Info>> =
            nodes.iter().map(|node| self.info(node, sent, &mut said)).collect();
        infos.into_iter().collect()
    }
}

fn read_reference(text: &str) -> Option<Reference> {
    let mut parts = text.split(',');
    let (sender, identifier, sent) = (parts.next()?, parts.next()?, parts.next()?);
    let sent = Moment::read(sent).ok()?;
    let reference = Reference {
        sender: Token::new(sender).ok()?,
        identifier: Token::new(identifier).ok()?,
        sent,
    };
    parts.next().is_none().then_some(reference)
}
