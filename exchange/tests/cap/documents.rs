//! A document without any fault, and others made of it.

/// An alert that uses every element.
pub const WHOLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>OVN-2026-0007-2</identifier>
  <sender>tib@uppsala.exempel.se</sender>
  <sent>2026-11-22T19:30:00+01:00</sent>
  <status>Exercise</status>
  <msgType>Update</msgType>
  <source>Larmcentral, påhittad</source>
  <scope>Restricted</scope>
  <restriction>Sjukvårdsregion Mellansverige</restriction>
  <addresses>tib@orebro "TiB Region Dalarna"</addresses>
  <code>masskada</code>
  <code>trafik</code>
  <note>OVN-2026-0007 ÖVNING</note>
  <references>tib@uppsala.exempel.se,OVN-2026-0007-1,2026-11-22T19:20:00+01:00</references>
  <incidents>busskrock "E4 Tierp"</incidents>
  <info>
    <language>sv-SE</language>
    <category>Health</category>
    <category>Transport</category>
    <event>Masskadehändelse</event>
    <responseType>Prepare</responseType>
    <responseType>Monitor</responseType>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <audience>Tjänsteman i beredskap</audience>
    <eventCode>
      <valueName>samband:event</valueName>
      <value>masskada</value>
    </eventCode>
    <effective>2026-11-22T19:30:00+01:00</effective>
    <onset>2026-11-22T19:10:00+01:00</onset>
    <expires>2026-11-23T07:30:00+01:00</expires>
    <senderName>Region Uppsala, övning</senderName>
    <headline>ÖVNING Två bussar har krockat ÖVNING</headline>
    <description>Omkring 60 skadade.
Vägen är avstängd.</description>
    <instruction>Lämna resurser till sekundärtransport.</instruction>
    <web>https://samband.exempel.se/larm/7?språk=sv#nu</web>
    <contact>018-000 00 00</contact>
    <parameter>
      <valueName>skadade</valueName>
      <value>40-80</value>
    </parameter>
    <resource>
      <resourceDesc>Karta</resourceDesc>
      <mimeType>image/png</mimeType>
      <size>5</size>
      <uri>karta.png</uri>
      <derefUri>aGVqIQo=</derefUri>
      <digest>da39a3ee5e6b4b0d3255bfef95601890afd80709</digest>
    </resource>
    <area>
      <areaDesc>E4 norr om Tierp</areaDesc>
      <polygon>60.30,17.40 60.30,17.60 60.40,17.60 60.40,17.40 60.30,17.40</polygon>
      <circle>60.34,17.51 2.5</circle>
      <geocode>
        <valueName>SCB</valueName>
        <value>0360</value>
      </geocode>
      <altitude>100</altitude>
      <ceiling>250.5</ceiling>
    </area>
  </info>
  <info>
    <language>en-GB</language>
    <category>Health</category>
    <event>Mass casualty incident</event>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
  </info>
</alert>
"#;

/// The whole document with one thing in another's place; what is replaced must be there.
#[track_caller]
pub fn with(what: &str, instead: &str) -> String {
    assert!(WHOLE.contains(what), "“{what}” is not in the document");
    WHOLE.replacen(what, instead, 1)
}
