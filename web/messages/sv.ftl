# Samband, svenska. Samma nycklar och variabler finns i en.ftl.

## Allmänt
unknown = okänt

## Ramen runt varje sida
layout-skip = Hoppa till innehållet
layout-nav = Huvudmeny
layout-menu = Meny
layout-crumbs = Du är här
layout-sign-out = Logga ut
layout-demo-word = Demo
layout-demo-text = Påhittade personer och konton. Inget här är en verklig journal.
layout-exercise-word = Övning
layout-exercise-text = Detta är en övning. Inget här gäller på riktigt.
layout-made = Sidan visades { $time }.
layout-complement = Komplement till SOS Alarm, Rakel och telefon – ersätter dem inte. Ej CE-märkt.
layout-about = Om Samband

## Direkt uppdatering
live-none = Uppdateras när sidan läses om.
live-on = Uppdateras direkt.
live-off = Anslutningen bruten kl { $time } – siffrorna är från då.
live-updated = Uppdaterat kl { $time }.

## Tid och ålder
time-date-clock = { $date } kl { $clock }
time-left = { $span } kvar
time-overdue = { $span } för sent
age-under-minute = under 1 min
age-minutes = { $n } min
age-hours = { $n } h
age-days = { $n } d
age-months = { $n } mån
age-years = { $n } år
age-ahead = { $span } före den här klockan

## Uppgifters ursprung
provenance-source = Källa:
provenance-period-unknown = okänd period
provenance-age = { $age } gammalt
provenance-age-unknown = okänd ålder
drawing-table = Visa siffrorna som tabell

## Märken
status-known = Känt
status-unknown = Okänt
status-stale = Gammalt
status-one-sided = Ensidigt
status-binding = Bindande
status-gap = Saknas
status-held = Tillsatt
status-ended = Avslutat
status-attention = Kräver åtgärd
status-stopped = Stoppat

## Anmärkningar och avslag
note-info = Bra att veta.
note-warning = Observera.
note-done = Klart.
refused-title = Avslaget
refused-rule = Regel
refused-source = Källa

## Formulär
form-problems = { $n ->
    [one] Ett fält behöver rättas
   *[other] { $n } fält behöver rättas
}

## Långa listor
pages-label = Sidor
pages-previous = Föregående
pages-next = Nästa

## Inläsning
steps-label = Steg
steps-done = klart
import-rows-good = { $n ->
    [one] 1 rad kan läsas in
   *[other] { $n } rader kan läsas in
}
import-rows-refused = { $n ->
    [one] 1 rad avvisad
   *[other] { $n } rader avvisade
}
import-nothing-taken = Inget läses in förrän alla rader är rätt.
import-ready = Alla rader är rätt. Inget är inläst ännu.
import-bad-rows = Avvisade rader
import-line = Rad
import-column = Kolumn
import-value = Värde
import-reason = Skäl

## Diagram och karta
chart-goal = Mål { $value }
chart-of = { $label }: { $value }
map-legend = Teckenförklaring
