# Avräkning: vem som betalar vem, och avtalet om gemensam försörjning
action-state_homes = redovisa vilka regioner patienterna bor i
kind-plan-homes_stated = Patienternas hemregioner redovisade
kind-agreement-terms_proposed = Avtal med priser och nycklar föreslaget
kind-agreement-terms_signed = Avtal med priser och nycklar undertecknat
refusal-plan-homes = Redovisningen går inte ihop ({ $field }: { $value }). Månaden ska vara slut, varje rad står en gång med minst en enhet, den egna regionens patienter räknas inte upp, och en okänd hemregion har inget vårdpris.
refusal-plan-homes-rule = Vem som bär kostnaden följer av vem som fick blodet.
refusal-agreement-terms = Priserna och nycklarna går inte ihop ({ $field }: { $value }). Nycklarna ska bli 100 procent, varje komponent ha ett pris, varje utlägg en part som betalar, och avtalet ska gälla gemensam försörjning.
refusal-agreement-alarm_terms = Villkoren om larm går inte att avtala så ({ $field }: { $value }). Lagret delas inom samverkan, namn och nummer lämnar aldrig den egna regionen, och antalet transporter är högst 50.
refusal-agreement-alarm_terms-rule = Ingenting avtalas som programmet inte håller.
refusal-agreement-terms-rule = En ekonomisk modell med nycklar som alla parter har undertecknat.
refusal-web-settlement_no_agreement = Det finns inget avtal med priser och nycklar att räkna efter. Föreslå ett under Avtal.
refusal-web-settlement_unsigned = Avtalet är inte undertecknat av alla parter. Be dem som fattas att underteckna.
refusal-web-settlement_not_through = Inget undertecknat avtal gäller hela perioden. Välj en period inom avtalstiden, eller föreslå ett nytt avtal.
settlement-title = Avräkning
settlement-lead = Vem som betalar vem för det som verkligen togs emot mellan regionerna, enligt ett avtal som alla parter har undertecknat.
settlement-kr = { $kr } kr
settlement-from = Första dagen
settlement-to = Sista dagen
settlement-last-month = Senaste hela månaden
settlement-this-month = Den här månaden hittills
settlement-agreement = Avtal
settlement-signed = Undertecknat av alla
settlement-prices = Pris per enhet
settlement-keys = Nycklar
settlement-keys-are = invånare { $population } %, förbrukning { $use } %, lika delar { $equal } %
settlement-key = Nyckel
settlement-key-mix = avtalets blandning
settlement-key-population = invånare
settlement-key-use = förbrukning
settlement-key-equal = lika delar
settlement-running = Perioden är inte slut. Siffrorna är preliminära, och det som läggs ut för alla räknas först när månaden är slut.
settlement-lacks-none = Här visas vad som togs emot, men inget räknas av: ingen region har föreslagit ett avtal med priser och nycklar. En direktör gör det här:
settlement-lacks-signature = Här visas vad som togs emot, men inget räknas av: avtalet väntar på underskrift från { $regions }. Läs och underteckna:
settlement-lacks-days = Här visas vad som togs emot, men inget räknas av: avtalet gäller { $from }–{ $until } och omfattar inte hela perioden. Välj en annan period, eller föreslå ett nytt avtal. Se
settlement-open-ended = tills vidare
settlement-pays = Vem betalar vem
settlement-nothing-owed = Ingen är skyldig någon något för perioden.
settlement-payment = { $from } betalar { $to }: { $kr }
settlement-payments-note = Så få betalningar som möjligt som för varje konto till noll. Vad var och en är skyldig vem för vad står i posterna.
settlement-accounts = Konton
settlement-units = Enheter
settlement-carriage = Frakt
settlement-joint = Gemensamma kostnader
settlement-care-price = Bärs redan av vårdpris
settlement-balance = Att få eller betala
settlement-sum = Summa
settlement-accounts-note = Plus är att få, minus är att betala. Summan av alla konton är alltid exakt noll. Det som vårdpriset redan bär är upplysning och räknas inte av.
settlement-entries = Poster
settlement-no-entries = Inget i perioden ger någon post.
settlement-day = Dag
settlement-creditor = Får
settlement-debtor = Betalar
settlement-what = Vad
settlement-amount = Belopp
settlement-source = Källa
settlement-by-agreement = avtalet
settlement-late = infört efter perioden
settlement-corrected = rättat
settlement-line-units = { $n ->
    [one] { $n } enhet { $component } à { $kr } kr
   *[other] { $n } enheter { $component } à { $kr } kr
  }
settlement-line-carriage = { $n ->
    [one] Frakt, { $n } låda à { $kr } kr
   *[other] Frakt, { $n } lådor à { $kr } kr
  }
settlement-line-home = { $n ->
    [one] { $n } enhet { $component } till en patient från { $home } i { $month }, à { $kr } kr
   *[other] { $n } enheter { $component } till patienter från { $home } i { $month }, à { $kr } kr
  }
settlement-line-joint = { $what }, { $month }
settlement-gaps = Det här ingår inte
settlement-no-gaps = Allt som är känt för perioden ingår.
settlement-gaps-all = Utan avtal ingår ingenting.
settlement-gap-not_known = { $region }: regionens journal är inte känd här. Det den har tagit emot fattas.
settlement-gap-not_heard = { $region }: journalen är känd till och med { $at }. Det som hände senare kan fattas.
settlement-gap-outside = { $n ->
    [one] { $n } enhet
   *[other] { $n } enheter
  } från { $from } till { $to }: en av dem är inte part i avtalet.
settlement-gap-of_what = { $n ->
    [one] { $n } enhet
   *[other] { $n } enheter
  } från { $from } till { $to }: det är inte känt vilken komponent det var.
settlement-gap-no_price = { $n ->
    [one] { $n } enhet
   *[other] { $n } enheter
  } { $component } från { $from } till { $to }: avtalet har inget pris för komponenten.
settlement-gap-no_carriage = Frakten: avtalet har inget pris per låda.
settlement-gap-boxes = Frakten från { $from } till { $to }: ingen har sagt hur många lådor det var.
settlement-gap-homes_unsaid = { $region } har inte redovisat vilka regioner patienterna bor i för { $month }. Det som gavs till andras patienter där räknas inte av.
settlement-gap-home_unknown = { $n ->
    [one] { $n } enhet
   *[other] { $n } enheter
  } { $component } i { $region }, { $month }: patientens hemregion är okänd.
settlement-gap-home_outside = { $n ->
    [one] { $n } enhet
   *[other] { $n } enheter
  } { $component } i { $region }, { $month }, till patienter från { $home }: den regionen är inte part i avtalet.
settlement-gap-home_no_price = { $n ->
    [one] { $n } enhet
   *[other] { $n } enheter
  } { $component } i { $region }, { $month }, till patienter från { $home }: avtalet har inget pris för komponenten.
settlement-gap-joint_people = { $what }: invånarantalet är inte känt för alla parter, så kostnaden kan inte fördelas.
settlement-gap-joint_use = { $what }: förbrukningen är inte känd för alla parter och dagar, så kostnaden kan inte fördelas. Redovisa förbrukningen under Förbrukning.
settlement-moves = Mottaget från andra regioner
settlement-no-moves = Inget togs emot från en annan region
settlement-no-moves-text = Inga kvittenser mellan regionerna i perioden. Välj en annan period ovan.
settlement-received = Mottaget
settlement-from-place = Från
settlement-to-place = Till
settlement-boxes = Lådor
settlement-leg = Tur
settlement-receipt = Kvittens
settlement-moves-note = Bara det som kvitterats räknas. Lådorna räknas en gång, vid sändningens första kvittens.
settlement-homes = Patienternas hemregion
settlement-homes-lead = Varje region redovisar månadsvis hur många enheter den gav till patienter från andra regioner. Bara antal enheter lämnas ut, aldrig vem.
settlement-no-homes = Ingen region har redovisat något för hela månader i perioden.
settlement-treated-in = Vårdad i
settlement-month = Månad
settlement-month-hint = År och månad, till exempel 2026-10. Månaden ska vara slut.
settlement-home = Hemregion
settlement-borne = Bärs av
settlement-borne-by-care = vårdpriset, räknas inte av
settlement-borne-by-home = hemregionen
settlement-borne-by-nobody = ingen, förrän hemregionen är känd
settlement-homes-do = Redovisa hemregioner
settlement-homes-form-lead = Hur många enheter som gavs här under en månad till patienter som bor i en annan region. Resten räknas som den egna regionens patienter. Ny redovisning av samma månad ersätter den förra.
settlement-homes-source = Till exempel: patientadministrativa systemet, uttag 3 nov.
settlement-homes-rows = Enheter till patienter från andra regioner
settlement-homes-rows-hint = En rad var: region; komponent; antal. Skriv ; vårdpris sist om det hemregionen betalar för vården redan bär blodet, och okänd som region där hemregionen inte är känd. Tomt betyder att ingen kom från en annan region.
settlement-homes-send = Redovisa
settlement-word-care = vårdpris
settlement-word-unknown = okänd
settlement-example = Exempel
settlement-bad-row = Rad { $line } går inte att läsa. Skriv region; komponent; antal.
settlement-keys-lead = Vad nycklarna räknar. Förbrukning är enheter till regionens egna patienter, var de än vårdades.
settlement-people = Invånare
settlement-people-source = Källa
settlement-treated = Givet i regionen
settlement-known = Kända dagar
settlement-days-known = { $n } av { $of }
settlement-used = Till egna patienter
settlement-made = Uträknat
done-state-homes = Hemregionerna är redovisade.
supply-agreement-title = Föreslå avtal om gemensam försörjning
supply-agreement-lead = Priser, nycklar och gemensamma utlägg som en avräkning kan följa. Det binder när alla parter har undertecknat.
supply-agreement-terms = Priser och nycklar
supply-agreement-population = Nyckel: invånare, procent
supply-agreement-use = Nyckel: förbrukning, procent
supply-agreement-equal = Nyckel: lika delar, procent
supply-agreement-price = Kronor per enhet { $component }
supply-agreement-price-hint = Tomt betyder att komponenten inte räknas av.
supply-agreement-box = Kronor per låda
supply-agreement-box-hint = Tomt betyder att frakten inte räknas av.
supply-agreement-no-box = räknas inte av
supply-agreement-carriage = Vem betalar budet
supply-agreement-carriage-sender = Avsändaren, och mottagaren ersätter
supply-agreement-carriage-receiver = Mottagaren; inget räknas av
supply-agreement-home = Okänd hemregion i förbrukningsnyckeln
supply-agreement-home-treated = räknas där vården gavs
supply-agreement-home-left_out = räknas inte alls
supply-agreement-joint = Utlägg för alla, varje månad
supply-agreement-joint-hint = En rad var: vad; region som betalar; kronor per månad. En egen nyckel kan stå sist: invånare, förbrukning eller lika delar.
supply-agreement-bad-joint = Rad { $line } går inte att läsa. Skriv vad; region; kronor per månad.
supply-agreement-not-money = Skriv kronor, med högst två decimaler.
supply-agreement-legs = Pris per låda på enskilda turer
supply-agreement-payer = Betalas av
supply-agreement-a-month = Per månad
column-settlement = Avräkning
column-day = dag
column-creditor = får
column-debtor = betalar
column-ore = öre
column-receipt = post i journalen
column-after_period = infört efter perioden
column-agreement = avtal
