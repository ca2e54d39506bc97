//! One question of a form. A field cannot be made without its label.

use maud::{Markup, Render, html};

#[derive(Debug, Clone)]
enum Kind {
    Input(&'static str),
    Slider { least: u32, most: u32, step: u32 },
    TextArea,
    Select(Vec<(String, String)>),
    Radios(Vec<(String, String)>),
    CheckBox,
    File(String),
}

/// A labelled field with its hint and error.
#[derive(Debug, Clone)]
pub struct Field {
    name: String,
    label: String,
    kind: Kind,
    value: String,
    hint: Option<String>,
    error: Option<String>,
    required: bool,
    autocomplete: Option<&'static str>,
    focused: bool,
    scan: Option<&'static str>,
}

impl Field {
    fn new(name: &str, label: impl Into<String>, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            label: label.into(),
            kind,
            value: String::new(),
            hint: None,
            error: None,
            required: false,
            autocomplete: None,
            focused: false,
            scan: None,
        }
    }

    /// A line of text.
    #[must_use]
    pub fn text(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Input("text"))
    }

    /// A password; its value is never written back.
    #[must_use]
    pub fn password(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Input("password"))
    }

    /// A whole number, typed as text so that a wrong one comes back as it was typed.
    #[must_use]
    pub fn number(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Input("number"))
    }

    /// A whole number that can be slid to or typed. It sends the number under its name, the
    /// slider's place as `NAME_slide` and the place it had as `NAME_at`: where the two differ, it
    /// was moved, which without scripts the number does not follow.
    #[must_use]
    pub fn slider(
        name: &str,
        label: impl Into<String>,
        (least, most, step): (u32, u32, u32),
    ) -> Self {
        Self::new(name, label, Kind::Slider { least, most, step })
    }

    /// A day.
    #[must_use]
    pub fn date(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::Input("date"))
    }

    /// Several lines of text.
    #[must_use]
    pub fn text_area(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::TextArea)
    }

    /// One of many: pairs of value and label.
    #[must_use]
    pub fn select<V: Into<String>, L: Into<String>>(
        name: &str,
        label: impl Into<String>,
        options: impl IntoIterator<Item = (V, L)>,
    ) -> Self {
        Self::new(name, label, Kind::Select(pairs(options)))
    }

    /// One of few, all in sight: pairs of value and label.
    #[must_use]
    pub fn radios<V: Into<String>, L: Into<String>>(
        name: &str,
        label: impl Into<String>,
        options: impl IntoIterator<Item = (V, L)>,
    ) -> Self {
        Self::new(name, label, Kind::Radios(pairs(options)))
    }

    /// Yes or no; sends `on`. Ticked by [`Field::value`] `"on"`.
    #[must_use]
    pub fn check_box(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Kind::CheckBox)
    }

    /// A file; `accept` lists endings such as `.csv,.xlsx`. Its form becomes multipart.
    #[must_use]
    pub fn file(name: &str, label: impl Into<String>, accept: &str) -> Self {
        Self::new(name, label, Kind::File(accept.to_owned()))
    }

    /// What stands in the field from the start.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Help that stands above the field.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What is wrong with what was sent; none is fine.
    #[must_use]
    pub fn error(mut self, error: Option<impl Into<String>>) -> Self {
        self.error = error.map(Into::into);
        self
    }

    /// The field must be filled in.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// What a password manager or phone may fill in, such as `username`.
    #[must_use]
    pub fn autocomplete(mut self, purpose: &'static str) -> Self {
        self.autocomplete = Some(purpose);
        self
    }

    /// The page is there to be scanned into: this field has the focus from the start.
    #[must_use]
    pub fn focused(mut self) -> Self {
        self.focused = true;
        self
    }

    /// One unit is scanned into it: the form is sent as soon as the scanner has said it whole.
    #[must_use]
    pub fn one_unit(mut self) -> Self {
        self.scan = Some("unit");
        self
    }

    /// A scan goes here when nobody has chosen a field.
    #[must_use]
    pub fn scanned(mut self) -> Self {
        self.scan = Some("list");
        self
    }

    pub(super) fn is_file(&self) -> bool {
        matches!(self.kind, Kind::File(_))
    }

    /// The link target and text for the form's error summary.
    pub(super) fn problem(&self) -> Option<(String, &str)> {
        let error = self.error.as_deref()?;
        let target = match self.kind {
            Kind::Radios(_) => format!("{}-0", self.id()),
            _ => self.id(),
        };
        Some((target, error))
    }

    fn id(&self) -> String {
        format!("f-{}", self.name)
    }

    /// The ids of hint and error, for `aria-describedby`.
    fn described_by(&self) -> Option<String> {
        let ids: Vec<String> = [("hint", &self.hint), ("error", &self.error)]
            .into_iter()
            .filter(|(_, text)| text.is_some())
            .map(|(part, _)| format!("{}-{part}", self.id()))
            .collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn texts(&self) -> Markup {
        let id = self.id();
        html! {
            @if let Some(hint) = &self.hint { span.hint id={ (id) "-hint" } { (hint) } }
            @if let Some(error) = &self.error {
                span.error id={ (id) "-error" } { span aria-hidden="true" { "✕ " } (error) }
            }
        }
    }

    fn control(&self) -> Markup {
        let (id, invalid) = (self.id(), self.error.as_ref().map(|_| "true"));
        let described = self.described_by();
        match &self.kind {
            Kind::Input(kind) => html! {
                input id=(id) name=(self.name) type=(if *kind == "number" { "text" } else { kind })
                    inputmode=[(*kind == "number").then_some("numeric")]
                    value=[(*kind != "password").then_some(&self.value)]
                    autocomplete=[self.autocomplete] required[self.required]
                    autofocus[self.focused] data-scan=[self.scan]
                    aria-invalid=[invalid] aria-describedby=[described];
            },
            Kind::Slider { least, most, step } => {
                let number = self.value.parse().unwrap_or(*least).clamp(*least, *most);
                let at = least + (number - least + step / 2) / step * step;
                html! {
                    div.slider {
                        input type="range" name={ (self.name) "_slide" } aria-label=(self.label)
                            min=(least) max=(most) step=(step) value=(at) data-number=(id);
                        input type="hidden" name={ (self.name) "_at" } value=(at);
                        input id=(id) name=(self.name) type="text" inputmode="numeric"
                            value=(self.value) aria-invalid=[invalid] aria-describedby=[described];
                    }
                }
            }
            Kind::TextArea => html! {
                textarea id=(id) name=(self.name) rows="5" required[self.required]
                    autofocus[self.focused] data-scan=[self.scan]
                    aria-invalid=[invalid] aria-describedby=[described] { (self.value) }
            },
            Kind::Select(options) => html! {
                select id=(id) name=(self.name) required[self.required]
                    aria-invalid=[invalid] aria-describedby=[described] {
                    @for (value, label) in options {
                        option value=(value) selected[*value == self.value] { (label) }
                    }
                }
            },
            Kind::File(accept) => html! {
                input id=(id) name=(self.name) type="file" accept=(accept)
                    required[self.required] aria-invalid=[invalid] aria-describedby=[described];
            },
            Kind::CheckBox => html! {
                input id=(id) name=(self.name) type="checkbox" value="on"
                    checked[self.value == "on"] required[self.required]
                    aria-invalid=[invalid] aria-describedby=[described];
            },
            Kind::Radios(_) => html! {},
        }
    }

    fn radio_group(&self, options: &[(String, String)]) -> Markup {
        let id = self.id();
        html! {
            fieldset.field class=[self.error.as_ref().map(|_| "wrong")]
                aria-describedby=[self.described_by()] {
                legend { (self.label) }
                (self.texts())
                @for (place, (value, label)) in options.iter().enumerate() {
                    div.choice {
                        input id={ (id) "-" (place) } type="radio" name=(self.name) value=(value)
                            checked[*value == self.value] required[self.required];
                        label for={ (id) "-" (place) } { (label) }
                    }
                }
            }
        }
    }
}

fn pairs<V: Into<String>, L: Into<String>>(
    options: impl IntoIterator<Item = (V, L)>,
) -> Vec<(String, String)> {
    options.into_iter().map(|(value, label)| (value.into(), label.into())).collect()
}

impl Render for Field {
    fn render(&self) -> Markup {
        let wrong = self.error.as_ref().map(|_| "wrong");
        match &self.kind {
            Kind::Radios(options) => self.radio_group(options),
            Kind::CheckBox => html! {
                div.field class=[wrong] {
                    div.choice { (self.control()) label for=(self.id()) { (self.label) } }
                    (self.texts())
                }
            },
            _ => html! {
                div.field class=[wrong] {
                    label for=(self.id()) { (self.label) }
                    (self.texts())
                    (self.control())
                }
            },
        }
    }
}
