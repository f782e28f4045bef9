"""The page of the plan's format."""

from __future__ import annotations

FORMAT = """\
version: 1
id: norddjurs
organisation: Norddjurs Kommune
timezone: Europe/Copenhagen
language: da
organiser: Lederudvikling@norddjurs.example
contact: hr@norddjurs.example
holidays: DK
closing_days: [2025-06-05, 12-24]
school_holidays: [2025-02-10..2025-02-14, 2025-05-02]
sending: {from: "06:30", to: "16:00", weekends: true, digest: false, max_per_week: 3}
managers: page
audiences:
  ledere:
    name: Alle ledere
    groups: [alle-ledere@norddjurs.example, 0F0E0D0C-0000-4000-8000-000000000001]
    people:
      - {email: ekstern@partner.example, name: Ekstern Partner, language: en}
    exclude: [barsel@norddjurs.example]
  tr-amr: {name: TR og AMR, groups: tr@norddjurs.example}
delegates:
  - {for: Chef@norddjurs.example, by: sekretaer@norddjurs.example, copies: true}
  - {for: direktoer@norddjurs.example, by: sekretaer@norddjurs.example}
funding:
  pulje-2025: {name: Puljen 2025, year: 2025, amount: 300000, currency: EUR, reserved: {central: 150000.50}}
assumptions: {midler: undecided, besluttet: true, afslaaet: false}
reminders:
  - {id: svar, before: deadline, working_days: 3, at: "09:00", to: unanswered, channels: [mail, teams], template: please_answer,
     expires: 2d}
  - {id: tak, after: end, hours: 2, to: [registered, speakers], channels: channel, template: follow_up, urgent: true}
texts:
  - {message: practical, opening: "Kære {navn}", closing: "Ses i {sted}"}
  - {message: practical, language: en, closing: See you}
courses:
  - id: lederdag
    title: Fælles lederdag
    theme: Professionelt aktørskab
    description: |
      Første linje

      - punkt
    status: approved
    responsible: hr@norddjurs.example
    audience: [ledere, tr-amr]
    optional_audience: tr-amr
    speakers: [{name: Taler, email: taler@firma.example}, {name: Uden adresse}]
    enrolment: {mode: choose, via: link, opens: 2025-01-15T08:00, deadline: 2025-06-04T12:00, capacity: 40, waiting_list: true,
      waiting_list_until: 2025-06-10T12:00, unanswered: assign, minimum: 8, late: waitlist, handover: true}
    funding: [{pool: pulje-2025, amount: 60000, when: not midler}]
    venue: {name: Kulturhuset, address: "Torvet 1, 8500 Grenaa", room: sal-1@norddjurs.example}
    online: true
    teams_channel: Ledere
    materials: [{title: Program, url: "https://a.example/p"}]
    questions:
      - allergies
      - {id: kørsel, text: Kører du selv?, kind: yes_no, required: true, seen_by: participants, keep_days: 3}
      - {id: mad, text: Hvad vil du spise?, options: [Kød, Fisk]}
    evaluation: https://a.example/e
    attendance: {self_check_in: true, threshold_minutes: 45}
    certificate: most
    approval: {by: manager, deputy: vikar@norddjurs.example, working_days: 3, overdue: "no"}
    cancel_reason: For få   tilmeldte
    hide_attendees: false
    reminders:
      - {id: svar, before: start, minutes: 30, to: everyone, channels: mail, template: tomorrow}
    texts: [{message: invitation, opening: "Kom, og tag  en kollega med", closing: "Svar senest {svarfrist}"}]
    offerings:
      - id: hold-1
        title: Hold 1
        capacity: 30
        venue: {name: Sal}
        online: false
        sessions:
          - {id: del-1, title: Første, start: 2025-06-17T09:00, end: 2025-06-17T15:30, audience: ledere, optional_audience: [],
             venue: {room: sal-2@norddjurs.example}, online: true, description: Med mere}
          - {id: forløb, period: 2025-q3}
      - {id: hold-2, sessions: [{id: dag, start: 2025-06-18, end: 2025-06-19}]}
"""
