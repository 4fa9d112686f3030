package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1234567, 1234567",
        "12B, 12",
        "500MB, 500000000",
        "500mb, 500000000",
        "500 MB, 500000000",
        "1.5k, 1500",
        "2GiB, 2147483648",
        "2Gi, 2147483648",
        "20G, 20000000000",
        "1TB, 1000000000000",
        "0.5MiB, 524288",
        "1000000000000000000, 1000000000000000000",
    })
    void shouldReadASize(final String text, final long bytes) {
        assertThat(Sizes.parse(text)).as(text).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "MB",
                "-1",
                "+1",
                "1,5MB",
                ".5MB",
                "5.MB",
                "5 M B",
                "5  MB",
                "5MBit",
                "1e9",
                "0x10",
                "NaN",
                "Infinity",
                "１MB",
                "10000000TB",
                "99999999999999999999999999"
            })
    void shouldRefuseWhatIsNoSize(final String text) {
        assertThatThrownBy(() -> Sizes.parse(text))
                .as("'%s'", text)
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "' is not a size")
                .hasMessageContaining("2GiB");
    }
}
