package io.slipstream.telemetry.simulator;

import java.util.SplittableRandom;

/** Invented drivers. Any likeness is chance. */
final class Roster {
    private static final String[] FIRST = {
        "Ada", "Bruno", "Célia", "Dario", "Elin", "Félix", "Greta", "Hugo", "Inês", "Jürgen", "Kaia", "Lorcan", "Mira",
        "Nils", "Oona", "Piet", "Quentin", "Rosa", "Søren", "Tilda"
    };
    private static final String[] LAST = {
        "Aldermoor", "Bexfield", "Caravel", "Dunmarch", "Eskelund", "Farrowgate", "Grünbach", "Hollowell",
        "Isenfold", "Jarnvik", "Kestrelby", "Lindqvarn", "Marlowen", "Norrfjord", "Oakhanger", "Pellworth",
        "Quillmont", "Ravensholm", "Saltmarsh", "Thornquist", "Underhay", "Valdemor", "Wetherlam", "Yarrowby",
        "Zellwood", "Ashcombe", "Brackenrig", "Coldharbour", "Drumlin", "Evenlode", "Fennimar", "Gallowey",
        "Hazelrigg", "Ivelchester", "Juniper", "Kilmarrow", "Lavenstone", "Merrivale", "Netherby", "Orrinsdale",
        "Penhallow", "Quarrington", "Rosewarne", "Stallbridge", "Tarnbrook", "Ulverstan", "Venngrove", "Whinfell",
        "Yealmpton", "Zennorick", "Amberlake", "Birkmoss", "Cressbrook", "Dovecote", "Elmsworth", "Foxglade",
        "Greywell", "Heathcott", "Inglemire", "Jessamine", "Knightsley", "Larkspur", "Mossdale", "Nightwick"
    };

    private Roster() {}

    /**
     * Draw names; no family name twice.
     *
     * @param count 1 to 64
     * @param seed the same names for the same seed
     * @return first and family names
     */
    static String[] draw(final int count, final long seed) {
        final SplittableRandom random = new SplittableRandom(seed ^ 0x5_1157_0EAL);
        final String[] last = LAST.clone();
        final String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            final int drawn = i + random.nextInt(last.length - i);
            final String name = last[drawn];
            last[drawn] = last[i];
            names[i] = FIRST[random.nextInt(FIRST.length)] + ' ' + name;
        }
        return names;
    }
}
