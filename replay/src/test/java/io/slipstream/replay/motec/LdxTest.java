package io.slipstream.replay.motec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LdxTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("a.ldx");
    }

    private void store(final String text) throws IOException {
        Files.writeString(file, text);
    }

    @Test
    void shouldReadWhatItWrote() throws IOException {
        final LdxFile content = new LdxFile(
                List.of(
                        new LdxFile.Beacon("Start.1", 123_456),
                        new LdxFile.Beacon("Manual.1 & \"<", 98_210_456.125),
                        new LdxFile.Beacon("Manual.2", 7_197_794_456L)),
                4,
                99.584,
                2);
        LdxWriter.write(file, content);
        assertThat(LdxReader.read(file)).isEqualTo(content);
        assertThat(Files.readString(file))
                .contains(
                        "<LDXFile ",
                        "Version=\"1.6\"",
                        "ClassName=\"BCN\"",
                        "<MarkerGroup Name=\"Beacons\" Index=\"3\">")
                .contains("<String Id=\"Total Laps\" Value=\"4\"/>")
                .contains("<String Id=\"Fastest Time\" Value=\"1:39.584\"/>")
                .contains("<String Id=\"Fastest Lap\" Value=\"2\"/>")
                .contains("Time=\"1.234560000000000e+05\"");
    }

    @Test
    void shouldReadOthersFiles() throws IOException {
        store("""
                <?xml version="1.0"?>
                <LDXFile Locale="English_United Kingdom.1252" DefaultLocale="C" Version="1.6">
                 <Layers><Layer><MarkerBlock>
                  <MarkerGroup Name="Others"><Marker Time="5"/></MarkerGroup>
                  <MarkerGroup Name="Beacons" Index="2">
                   <Marker Version="100" ClassName="BCN" Name="Auto GPS 2" Flags="77" Time="6.62360432425654292e+08"/>
                   <Marker Version="100" ClassName="BCN" Name="Auto GPS 1" Flags="77" Time="2.58129811370032370e+08"/>
                  </MarkerGroup>
                 </MarkerBlock></Layer><Details><String Id="Total Laps" Value="3"/><String Id="Fastest Time" Value=""/>
                 <Numeric Id="x" Value="1"/></Details></Layers></LDXFile>
                """);
        final LdxFile read = LdxReader.read(file);
        assertThat(read.beacons()).extracting(LdxFile.Beacon::name).containsExactly("Auto GPS 1", "Auto GPS 2");
        assertThat(read.beacons().getFirst().micros()).isEqualTo(258_129_811.370_032_37);
        assertThat(read.totalLaps()).isEqualTo(3);
        assertThat(read.fastestTime()).isNaN();
        assertThat(read.fastestLap()).isEqualTo(-1);
    }

    @Test
    void shouldNotReadAnotherFile() throws IOException {
        final Path secret = folder.resolve("secret");
        Files.writeString(secret, "5");
        store("<!DOCTYPE LDXFile [<!ENTITY e SYSTEM \"" + secret.toUri()
                + "\">]><LDXFile><Layers>&e;</Layers></LDXFile>");
        assertThatThrownBy(() -> LdxReader.read(file)).isInstanceOf(LdException.class);
    }

    @Test
    void shouldNotExpandEntities() throws IOException {
        final StringBuilder text = new StringBuilder("<!DOCTYPE LDXFile [<!ENTITY e0 \"laughter\">");
        for (int i = 1; i < 30; i++) {
            text.append("<!ENTITY e")
                    .append(i)
                    .append(" \"&e")
                    .append(i - 1)
                    .append(";&e")
                    .append(i - 1)
                    .append(";\">");
        }
        store(text + "]><LDXFile><Layers>&e29;</Layers></LDXFile>");
        assertThatThrownBy(() -> LdxReader.read(file))
                .isInstanceOf(LdException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void shouldRefuseTimesThatAreNone() throws IOException {
        for (final String time : List.of("", "soon", "NaN", "-1", "1e300", "Infinity")) {
            store("<LDXFile><MarkerGroup Name=\"Beacons\">\n<Marker Time=\"" + time + "\"/></MarkerGroup></LDXFile>");
            assertThatThrownBy(() -> LdxReader.read(file))
                    .as(time)
                    .isInstanceOf(LdException.class)
                    .hasMessageContaining("line 2");
        }
    }

    @Test
    void shouldRefuseOtherXmlAndNoXml() throws IOException {
        store("<html/>");
        assertThatThrownBy(() -> LdxReader.read(file)).hasMessageContaining("no .ldx file");
        store("time,speed");
        assertThatThrownBy(() -> LdxReader.read(file)).hasMessageContaining("line 1");
    }

    @Test
    void shouldSurviveAnyDamage() throws IOException {
        LdxWriter.write(
                file, new LdxFile(List.of(new LdxFile.Beacon("a", 1), new LdxFile.Beacon("b", 2e8)), 3, 60.5, 1));
        final byte[] whole = Files.readString(file).getBytes(StandardCharsets.US_ASCII);
        final Random random = new Random(20_261_127);
        for (int round = 0; round < 500; round++) {
            final byte[] damaged = whole.clone();
            for (int i = random.nextInt(5); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try {
                LdxReader.read(file);
            } catch (LdException e) {
                assertThat(e.getMessage()).contains(file.toString());
            }
        }
    }
}
