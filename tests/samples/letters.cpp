#include "tests/samples/letters.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace coffre::samples {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 12> kLastNames = {
    "Brèche", "Lecœur", "Castaño", "d'Haubercy", "Müller-Noël", "Le Guénnec",
    "Faÿsse", "Çaglar", "Ortéga",  "Pîtrot",     "Vandenbœck",  "Zoéli"};
constexpr std::array<std::string_view, 12> kFirstNames = {"Élise", "François", "Maëlle", "Anaïs",
                                                          "Loïc",  "Zoé",      "Benoît", "Hélène",
                                                          "Théo",  "Inès",     "Gaëtan", "Solène"};
constexpr std::array<std::string_view, 6> kDoctors = {
    "Dr Céleste Aubépin",  "Dr Hervé Quatrebœufs", "Dr Noëlle Tramontàn",
    "Dr Jérôme Pommeraie", "Dr Aïda Clairvoix",    "Dr Maïwenn Kerlœguen"};
constexpr std::array<std::string_view, 6> kTowns = {
    "Saint-Éloi-sur-Brume", "Vézelin-les-Prés", "Port-Goéland",
    "La Chênaie-d'Outre",   "Mont-Cœur",        "Besançonnet"};

struct Person {
  std::string name;
  std::string born;
};

std::string_view pick(Dice& dice, Words words) { return words[dice.below(words.size())]; }

Person make_person(Dice& dice) {
  const std::string_view first = pick(dice, kFirstNames);
  const std::string_view last = pick(dice, kLastNames);
  return {
      fmt::format("{} {}", first, last),
      fmt::format("{:02}/{:02}/{}", 1 + dice.below(28), 1 + dice.below(12), 1931 + dice.below(85))};
}

struct Facts {
  Person patient;
  std::string_view doctor;
  std::string_view colleague;
  std::string_view town;
  std::string date;      // as written in a letter
  std::string iso_date;  // as written in a file name
};

Facts make_facts(Dice& dice) {
  constexpr std::array<std::string_view, 12> kMonths = {
      "janvier", "février", "mars",      "avril",   "mai",      "juin",
      "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};
  Facts facts;
  facts.patient = make_person(dice);
  facts.doctor = pick(dice, kDoctors);
  facts.colleague = pick(dice, kDoctors);
  facts.town = pick(dice, kTowns);
  const std::size_t day = 1 + dice.below(28);
  const std::size_t month = dice.below(12);
  const std::size_t year = 2019 + dice.below(6);
  facts.date = fmt::format("{}{} {} {}", day, day == 1 ? "er" : "", kMonths[month], year);
  facts.iso_date = fmt::format("{}-{:02}-{:02}", year, month + 1, day);
  return facts;
}

// The paragraphs of one page; `page` counts from 0.
using Body = std::vector<std::string> (*)(Dice&, const Facts&, std::size_t page);

std::vector<std::string> consultation(Dice& dice, const Facts& facts, std::size_t page) {
  if (page > 0) {
    return {fmt::format("Annexe {} : évolution depuis la dernière consultation", page),
            fmt::format("Tension artérielle\t{}/{} mmHg\tbras gauche, assis", 11 + dice.below(5),
                        6 + dice.below(4)),
            fmt::format("Fréquence cardiaque\t{} /min\trégulière", 58 + dice.below(35)),
            fmt::format("Poids\t{},{} kg\tstable", 48 + dice.below(50), dice.below(10)),
            "Le sommeil s'est amélioré. L'appétit est conservé. Aucune nausée, aucun œdème des "
            "chevilles, pas d'essoufflement à l'effort modéré.",
            "Le traitement est bien toléré ; la prise du soir a été oubliée une fois par semaine."};
  }
  return {fmt::format("Patient : {}, né(e) le {}", facts.patient.name, facts.patient.born),
          fmt::format("Consultation du {}. Motif : contrôle annuel et toux persistante depuis {} "
                      "semaines.",
                      facts.date, 2 + dice.below(6)),
          "Antécédents : appendicectomie dans l'enfance, asthme léger, allergie à la pénicilline "
          "signalée par la mère. Pas de tabac depuis dix ans.",
          "Examen : état général conservé, apyrétique. Murmure vésiculaire symétrique, quelques "
          "sibilants à gauche. Bruits du cœur réguliers, sans souffle. Abdomen souple.",
          "Conclusion : bronchite traînante sans signe de gravité. Traitement symptomatique, "
          "radiographie si la toux dure plus de trois semaines, à revoir après l'été.",
          "Bien confraternellement,",
          std::string(facts.doctor)};
}

std::vector<std::string> prescription(Dice& dice, const Facts& facts, std::size_t page) {
  constexpr std::array<std::string_view, 8> kDrugs = {
      "PARACÉTAMOL 1 g, comprimé",         "AMOXICILLINE 500 mg, gélule",
      "SALBUTAMOL 100 µg, aérosol",        "MACROGOL 4000, sachet-dose",
      "SÉRUM PHYSIOLOGIQUE, dosette 5 ml", "VITAMINE D3 100 000 UI, ampoule",
      "RAMIPRIL 2,5 mg, comprimé",         "BÉTAMÉTHASONE 0,05 %, crème"};
  std::vector<std::string> out = {
      fmt::format("{}, né(e) le {}", facts.patient.name, facts.patient.born),
      fmt::format("Ordonnance du {}, feuillet {}", facts.date, page + 1)};
  const std::size_t lines = 3 + dice.below(4);
  for (std::size_t line = 0; line < lines; ++line) {
    out.push_back(fmt::format("{}. {}", line + 1, pick(dice, kDrugs)));
    out.push_back(
        fmt::format("{} prise(s) par jour, au cours du repas, pendant {} jours. "
                    "Ne pas dépasser la dose prescrite.",
                    1 + dice.below(4), 3 + dice.below(27)));
  }
  out.emplace_back("À renouveler une fois. Non substituable pour la ligne 1 (intolérance avérée).");
  return out;
}

std::vector<std::string> referral(Dice& dice, const Facts& facts, std::size_t page) {
  if (page > 0) {
    return {fmt::format("Pièce jointe n° {} : traitements en cours et antécédents", page),
            "Hypertension traitée depuis 2014 ; hypothyroïdie substituée ; entorse de la cheville "
            "droite ; cataracte opérée des deux yeux.",
            fmt::format("Créatininémie\t{} µmol/L\tstable", 55 + dice.below(60)),
            fmt::format("HbA1c\t{},{} %\ten légère hausse", 5 + dice.below(3), dice.below(10)),
            "La patiente ou le patient a été informé de cette lettre et en a reçu une copie."};
  }
  return {fmt::format("À l'attention du {}", facts.colleague),
          "Chère consœur, cher confrère,",
          fmt::format("Je vous adresse {}, né(e) le {}, pour avis devant des palpitations "
                      "survenant surtout la nuit, d'une durée de {} minutes environ.",
                      facts.patient.name, facts.patient.born, 2 + dice.below(20)),
          "L'électrocardiogramme fait au cabinet est sans particularité. L'interrogatoire retrouve "
          "une consommation de café élevée et un sommeil irrégulier depuis un changement de poste.",
          "Je vous remercie de votre avis, notamment sur l'intérêt d'un enregistrement sur "
          "vingt-quatre heures, et de bien vouloir m'adresser le compte rendu.",
          "Avec mes sentiments confraternels les meilleurs,",
          std::string(facts.doctor)};
}

std::vector<std::string> insurance(Dice& dice, const Facts& facts, std::size_t page) {
  return {fmt::format("Référence du dossier : {:04}-{:06}, page {}", dice.below(10000),
                      dice.below(1000000), page + 1),
          fmt::format("Objet : prise en charge à 100 % — {}", facts.patient.name),
          "Madame, Monsieur,",
          fmt::format("Nous avons bien reçu le protocole de soins établi par le {}. Après avis du "
                      "service médical, la prise en charge est accordée pour une durée de {} ans à "
                      "compter du {}.",
                      facts.doctor, 3 + dice.below(8), facts.date),
          "Les soins sans rapport avec l'affection déclarée restent remboursés aux taux habituels. "
          "Pensez à mettre à jour votre carte dans une borne ou chez votre pharmacien.",
          fmt::format("Participation forfaitaire retenue ce trimestre : {},00 €", dice.below(50)),
          "Veuillez agréer, Madame, Monsieur, l'expression de nos salutations distinguées."};
}

std::vector<std::string> invoice(Dice& dice, const Facts& facts, std::size_t page) {
  constexpr std::array<std::string_view, 5> kItems = {
      "Consultation de spécialiste", "Électrocardiogramme", "Échographie, forfait",
      "Matériel à usage unique", "Déplacement à domicile"};
  std::vector<std::string> out = {
      fmt::format("Facture n° {}-{:05}, feuillet {}", facts.iso_date.substr(0, 4),
                  dice.below(100000), page + 1),
      fmt::format("Adressée à : {}, {}", facts.patient.name, facts.town),
      "Désignation\tQuantité\tMontant"};
  std::size_t total = 0;
  for (const std::string_view item : kItems) {
    const std::size_t cents = 100 * (10 + dice.below(90)) + 50 * dice.below(2);
    total += cents;
    out.push_back(fmt::format("{}\t1\t{},{:02} €", item, cents / 100, cents % 100));
  }
  out.push_back(fmt::format("Total à régler\t\t{},{:02} €", total / 100, total % 100));
  out.emplace_back(
      "Règlement à réception. Exonéré de TVA, article 261-4-1° du CGI. "
      "En cas de retard, une indemnité forfaitaire de 40 € est due.");
  return out;
}

std::vector<std::string> laboratory(Dice& dice, const Facts& facts, std::size_t page) {
  const auto row = [&dice](std::string_view name, std::size_t low, std::size_t spread,
                           std::string_view unit, std::string_view range) {
    return fmt::format("{}\t{},{} {}\t{}", name, low + dice.below(spread), dice.below(10), unit,
                       range);
  };
  return {fmt::format("{}, né(e) le {} — prescrit par le {}", facts.patient.name,
                      facts.patient.born, facts.doctor),
          fmt::format("Prélèvement du {}, à jeun. Page {}", facts.date, page + 1),
          "Analyse\tRésultat\tValeurs de référence",
          row("Hémoglobine", 11, 6, "g/dL", "12,0 à 16,0"),
          row("Leucocytes", 4, 8, "G/L", "4,0 à 10,0"),
          row("Plaquettes", 150, 250, "G/L", "150 à 400"),
          row("Glycémie à jeun", 4, 3, "mmol/L", "3,9 à 5,5"),
          row("Créatininémie", 50, 60, "µmol/L", "45 à 104"),
          row("Cholestérol LDL", 2, 3, "mmol/L", "inférieur à 3,4"),
          row("Ferritine", 20, 200, "µg/L", "15 à 200"),
          row("TSH", 0, 5, "mUI/L", "0,4 à 4,0"),
          "Commentaire : résultats contrôlés. À interpréter selon le contexte clinique ; un avis "
          "est conseillé si la fatigue se prolonge."};
}

struct Kind {
  std::string_view name;   // in the file's name
  std::string_view title;  // on the page
  std::string_view sender;
  Body body;
};

constexpr std::array<Kind, 6> kKinds = {{
    {"Compte rendu de consultation", "Compte rendu de consultation", "Cabinet médical des Tilleuls",
     &consultation},
    {"Ordonnance", "Ordonnance", "Cabinet médical des Tilleuls", &prescription},
    {"Lettre d'adressage", "Lettre d'adressage", "Maison de santé du Bœuf-Couronné", &referral},
    {"Courrier CPAM", "Votre prise en charge", "Caisse primaire d'assurance maladie", &insurance},
    {"Facture", "Facture", "Centre d'imagerie de l'Étoile", &invoice},
    {"Résultats de laboratoire", "Résultats d'analyses", "Laboratoire Sœurs-Réunies", &laboratory},
}};

}  // namespace

std::uint64_t Dice::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  return mixed ^ (mixed >> 31U);
}

Letter make_letter(std::uint64_t index, std::size_t pages) {
  const std::size_t count = std::clamp<std::size_t>(pages, 1, kPagesMax);
  Dice dice(index + 1);
  const Facts facts = make_facts(dice);
  const Kind& kind = kKinds[index % kKinds.size()];
  Letter letter;
  letter.name =
      fmt::format("{:05} {} - {} - {}", index + 1, kind.name, facts.patient.name, facts.iso_date);
  for (std::size_t number = 0; number < count; ++number) {
    Page page;
    page.heading = {std::string(kind.sender),
                    fmt::format("{} rue des Glycines, {}", 1 + index % 98, facts.town),
                    fmt::format("Téléphone 01 99 00 {:02} {:02}", index % 100, index / 100 % 100)};
    page.title = kind.title;
    page.paragraphs = kind.body(dice, facts, number);
    page.footer =
        fmt::format("{}, le {} — page {} sur {}", facts.town, facts.date, number + 1, count);
    letter.pages.push_back(std::move(page));
  }
  return letter;
}

}  // namespace coffre::samples
