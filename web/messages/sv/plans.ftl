# Gemensam försörjning: förbrukning, mål, förslag
action-report_use = redovisa förbrukning dag för dag
action-set_targets = ange hur mycket som ska ligga var
action-decide_moves = godta, ändra eller avvisa förslag om att flytta enheter
kind-plan-use_reported = Förbrukning redovisad
kind-plan-target_set = Mål för lagret angivet
kind-plan-accepted = Förslag godtaget
kind-plan-refused = Förslag avvisat
kind-plan-reopened = Förslag tillåts igen
refusal-plan-period = Dagarna går inte ihop: första dagen före den sista, ingen dag efter i dag, högst fyra år i en redovisning, och ett nej gäller högst 31 dagar.
refusal-plan-period-rule = En serie säger vilka dagar den omfattar.
refusal-plan-rows = Redovisningen saknar rader, har för många, eller nämner samma dag två gånger för samma komponent och grupp. Rätta filen och läs in den igen.
refusal-plan-rows-rule = En rad säger en sak en gång; det okända är inte noll.
refusal-plan-target = Stegen går inte ihop: gult från { $amber_from }, grönt från { $green_from }, fyll till { $fill_to }. De ska stiga i den ordningen.
refusal-plan-target-rule = Rött, gult och grönt är steg på samma stege.
refusal-plan-not_ours = Förslaget går från { $from } till { $to }. Bara de två regionerna svarar på det.
refusal-plan-not_ours-rule = Varje region råder över sitt lager och sitt nej.
refusal-plan-too_late = Förslaget räknades fram { $made } och skulle ha gått { $leaves }. Öppna planen igen: den räknas om.
refusal-plan-too_late-rule = Planen räknas om varje dag.
refusal-plan-accepted_already = Förslaget godtogs { $said }.
refusal-plan-accepted_already-rule = Samma sak bestäms en gång.
refusal-plan-closed = Din region har sagt nej till den vägen till och med { $until }. Tillåt den igen först.
refusal-plan-closed-rule = Efter ett nej räknas planen om utan den vägen.
refusal-plan-units = { $units } enheter går inte: ange minst en och högst tusen, av en bestämd blodgrupp.
refusal-plan-units-rule = Förslag gäller hela enheter av en grupp.
refusal-plan-change_unexplained = Förslaget är { $proposed } enheter, du angav { $units }. Skriv varför.
refusal-plan-change_unexplained-rule = Den som ändrar säger varför.
import-bad-stock-day = Inte ett datum. Skriv år, månad och dag: 2026-01-31.
import-bad-stock-site = Ingen plats i regionen heter så. Skriv platsens namn eller dess kortnamn.
nav-plan = Planering
plan-title = Gemensam försörjning
plan-transfers = Förslag på flyttar
plan-use = Förbrukning
plan-transfers-lead = Vem som kan sända vad till vem de närmaste dagarna, och varför. Inget flyttas förrän någon med mandat har sagt ja.
plan-none = Ingen plan går att räkna fram
plan-none-text = Det behövs minst två platser med känt lager och känt behov, och minst en tur i turlistan mellan dem. Nedan står vad som saknas.
plan-proposals = Förslag
plan-worth = Vad planen ger
plan-rests = Vad planen vilar på
plan-said = Vad som har sagts
plan-compute = Räkna om
plan-horizon = Så långt fram
plan-days = { $n ->
    [one] { $n } dag
   *[other] { $n } dagar
  }
plan-price = Kronor per låda
plan-price-hint = Vad transporten får kosta. 0 visar vad fri transport skulle ge.
plan-nothing = Inget är värt att flytta: alla klarar sig lika bra var för sig de här dagarna.
plan-units = { $n ->
    [one] { $n } enhet { $group }
   *[other] { $n } enheter { $group }
  }
plan-leaves = Går
plan-arrives = framme
plan-leg = tur
plan-why-sender = Fler går inte: avsändaren behöver sin miniminivå { $day }.
plan-why-full = Fler går inte: lådorna på turen är fulla.
plan-net-short = { $n ->
    [one] { $n } fler enhet saknas
   *[other] { $n } fler enheter saknas
  }
plan-net-first = {" "}(först { $day }, { $site })
plan-net-below = { $n ->
    [one] { $n } fler enhet fattas till miniminivån ett dygn
   *[other] { $n } fler enheter fattas till miniminivån, räknat per dygn
  }
plan-net-expired = { $n ->
    [one] { $n } fler enhet går ut oanvänd
   *[other] { $n } fler enheter går ut oanvända
  }
plan-net-steps = { $n ->
    [one] { $n } fler steg till annan förenlig blodgrupp
   *[other] { $n } fler steg till annan förenlig blodgrupp
  }
plan-net-transport = transport för { $kr } kr
plan-group-without = Utan de här flyttarna: { $list }.
plan-group-with = Det kostar: { $list }.
plan-group-same = De här flyttarna ändrar inte vad någon patient får.
plan-group-worth = Sammanlagt { $kr } kr bättre än utan dem, med planens vikter.
plan-one-without = Utan just den här turen: { $list }.
plan-one-shift = Utan just den här turen saknas lika många, men på en annan plats eller dag: { $n } i { $a } { $on } i stället för i { $b } { $then }.
plan-one-swap = Just den här turen går att ersätta med en annan väg, som är { $kr } kr sämre.
plan-one-swap-free = Just den här turen går att ersätta med en annan väg som är lika bra.
plan-short-own = Utan den: { $list }.
plan-short-group = En del av flyttarna av gruppen. Utan dem: { $list }.
plan-short-same = Sparar transport eller nätter; ändrar inte vad någon patient får.
plan-all-of-group = Alla flyttar av gruppen
plan-just-this = Just den här turen
plan-yes = Ja, { $what }
plan-no = Nej …
plan-other-number = Annat antal, mer om förslaget
plan-decide = Svara på förslaget
plan-decided-by = { $from } eller { $to } svarar.
plan-measure = Mått
plan-alone = Om ingen flyttar
plan-with = Med planen
plan-short = Enheter som saknas
plan-expired = Enheter som går ut
plan-expiring = Enheter som väntas gå ut strax efter
plan-below = Enheter under miniminivå, summa över dagarna
plan-substituted = Enheter givna i annan förenlig grupp
plan-sent = Enheter som flyttas
plan-transport = Transport, kronor
plan-costs = Vikter, antagna tills regionerna har enats: en saknad enhet { $shortage } kr, en utgången { $expiry } kr, en enhet under miniminivån { $minimum } kr per dag, ett steg till annan grupp { $substitution } kr.
plan-exact = Ingen plan är bättre med de vikterna.
plan-bound = Ingen plan kan vara mer än { $kr } kr bättre med de vikterna.
plan-need-forecast = prognos ur det som använts, med veckodag och helger
plan-need-used = medel av det som använts de senaste åtta veckorna
plan-need-stated = angivet för platsen
plan-need-shared = regionens siffra, fördelad efter lager (antagande)
plan-by-system = enligt { $system },
plan-groups-of = { $n } av { $of } blodgrupper
plan-no-place = Ingen plats har både känt lager och känt behov av någon blodgrupp.
plan-there = Fria enheter
plan-a-day = Per dygn
plan-days-of = Dygn
plan-need = Behovet kommer från
plan-age = Känt
plan-left = Utanför planen
plan-left-means = Planen räknar inte med det här, varken som lager eller som behov. Det okända är inte noll.
plan-left-why = Varför
plan-none-left = Inget: lager och behov är kända för alla grupper på alla platser.
plan-unknown-stock = ingen har sagt vad som ligger där
plan-unknown-need = ingen har sagt vad som behövs där
plan-coming = { $n ->
    [one] { $n } enhet är på väg och räknas från den dag den väntas fram.
   *[other] { $n } enheter är på väg och räknas från den dag de väntas fram.
  }
plan-agreed = { $n ->
    [one] { $n } enhet har någon redan sagt ja till; den räknas som flyttad.
   *[other] { $n } enheter har någon redan sagt ja till; de räknas som flyttade.
  }
plan-late = { $n ->
    [one] { $n } enhet är försenad och räknas inte med förrän den är framme.
   *[other] { $n } enheter är försenade och räknas inte med förrän de är framme.
  }
plan-departures = { $n ->
    [one] { $n } avgång i turlistorna.
   *[other] { $n } avgångar i turlistorna.
  }
plan-assumed = Antaget: { $n } enheter i en låda; av enheter i andra system går de ut inom en vecka som det systemet säger, övriga efter tiden planen ser (trombocyter efter fyra dagar).
plan-decide-title = Svara på ett förslag
plan-then-telephone = Säger du ja antecknas det här, och någon ringer: avsändarens lager förs i ett annat system.
plan-then-offer = Säger du ja får den andra regionen ett erbjudande om enheterna. De sänds när den har svarat.
plan-then-ask = Säger du ja får den andra regionen en fråga om enheterna. De sänds när den har svarat.
plan-accept = Ja
plan-refuse = Nej
plan-refuse-means = Planen räknas om utan den vägen, här och hos de andra regionerna, till och med dagen du anger.
plan-not-yours = Här svarar en koordinator eller biomedicinsk analytiker i någon av de två regionerna.
plan-how-many = Antal enheter
plan-note = Anteckning
plan-note-hint = Behövs om antalet är ett annat än förslagets. Stannar i regionen.
plan-accept-do = Godta förslaget
plan-until = Till och med
plan-all-groups = Gäller alla blodgrupper
plan-reason = Varför inte?
plan-reason-hint = Till exempel: helgen väntar stor operation.
plan-refuse-do = Avvisa förslaget
plan-of = { $n } av föreslagna { $of }
plan-outcome-offered = Erbjudande till den andra regionen
plan-outcome-asked = Fråga till den andra regionen
plan-outcome-telephone = Att ringa om
plan-when = När
plan-what = Vad
plan-followed = Ledde till
plan-none-said = Inget förslag har godtagits den senaste månaden.
plan-closed = Vägar som är stängda för planen
plan-through = till och med { $day }
plan-reopen = Tillåt igen
plan-all = Alla grupper
done-accept-move = Förslaget är godtaget.
done-refuse-move = Förslaget är avvisat. Planen är omräknad utan den vägen.
done-reopen-arc = Vägen är tillåten igen.
refusal-web-plan_impossible = Planen går inte att räkna fram: { $detail }
refusal-web-plan_changed = Förslaget finns inte kvar: läget har ändrats sedan sidan visades. Öppna planen igen och se vad den säger nu.
plan-use-lead = Vad som används dag för dag. Det är vad prognosen och förslagen räknar med.
plan-use-taken = { $n ->
    [one] { $n } rad är införd.
   *[other] { $n } rader är införda.
  }
plan-use-none = Ingen förbrukning är känd
plan-use-none-text = Den räknas där transfusioner förs i Samband, och kan redovisas från andra system med en fil.
plan-use-days = De senaste åtta veckorna
plan-use-sources = Källor
plan-use-report = Redovisa förbrukning från en fil
plan-show = Visa
plan-use-chart = Enheter per dag, alla grupper. En lucka är dagar som ingen vet något om.
plan-use-table = Per blodgrupp
plan-use-known = Kända dagar
plan-use-sum = Enheter
plan-use-most = Flest på en dag
plan-use-unknown = Inget är känt om de här veckorna.
plan-use-own = Transfusioner i regionens journal, från och med { $day }
plan-use-report-lead = Allt eller inget läses in. Säger en senare fil annat om samma dagar gäller den.
plan-use-do = Läs in
plan-use-source = Källa
plan-use-source-hint = Till exempel: ProSang, uttag 1 dec. Behövs om filen inte säger det.
plan-use-from = Första dagen filen omfattar
plan-use-from-hint = Tomt betyder första raden. Omfattade dagar utan rad var utan förbrukning.
plan-use-to = Sista dagen filen omfattar
plan-use-form = En rad per dag, plats, komponent och grupp. Tom grupp betyder alla grupper. Över rubrikerna kan det stå ”källa; ProSang, uttag”.
situation-moves = Dagens förslag på flyttar
situation-moves-none = Inga förslag som rör din region
situation-moves-none-text = Ingen flytt till eller från regionen är värd transporten de närmaste dagarna, så långt lager och behov är kända.
situation-moves-all = Alla förslag och vad de vilar på
situation-moves-left = { $component }: { $n } av { $of } platser har grupper utanför planen, eftersom lager eller behov är okänt.
situation-moves-no-plan = { $component }: ingen plan går att räkna fram.
situation-moves-which = Visa vilka: { $component }
situation-moves-more = { $n ->
    [one] … och { $n } förslag till, mindre brådskande.
   *[other] … och { $n } förslag till, mindre brådskande.
  }
