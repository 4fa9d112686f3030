package io.slipstream.tests.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The walls between the rooms of the house. */
@AnalyzeClasses(packages = "io.slipstream", importOptions = ImportOption.DoNotIncludeTests.class)
final class WallsTest {
    private static final String TESTS = "io.slipstream.tests..";

    @ArchTest
    static final ArchRule QUEUE_KNOWS_NOTHING_OF_TELEMETRY = noClasses()
            .that()
            .resideInAnyPackage("io.slipstream.queue..", "io.slipstream.memory..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.slipstream.telemetry..", "io.slipstream.replay..");

    @ArchTest
    static final ArchRule TELEMETRY_KNOWS_NOTHING_OF_REPLAY = noClasses()
            .that()
            .resideInAPackage("io.slipstream.telemetry..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.slipstream.replay..");

    @ArchTest
    static final ArchRule MEMORY_KNOWS_NOTHING_OF_OURS = noClasses()
            .that()
            .resideInAPackage("io.slipstream.memory..")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("io.slipstream..").and(resideOutsideOfPackage("io.slipstream.memory..")));

    @ArchTest
    static final ArchRule ONE_PACKAGE_NAMES_CHRONICLE = noClasses()
            .that()
            .resideOutsideOfPackages("io.slipstream.queue.chronicle..", TESTS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.openhft.chronicle..");

    @ArchTest
    static final ArchRule ONE_PLACE_OPENS_A_QUEUE = noClasses()
            .that()
            .resideOutsideOfPackage("io.slipstream.queue.chronicle..")
            .and()
            .doNotHaveFullyQualifiedName("io.slipstream.queue.MessageQueue")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.slipstream.queue.chronicle..");

    @ArchTest
    static final ArchRule THE_BRIDGE_ALONE_PINS_THREADS = noClasses()
            .that()
            .resideOutsideOfPackages("io.slipstream.telemetry.bridge..", TESTS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.openhft.affinity..");

    @ArchTest
    static final ArchRule MEMORY_ALONE_CALLS_NATIVE_FUNCTIONS = noClasses()
            .that()
            .resideOutsideOfPackage("io.slipstream.memory..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.foreign.Linker");

    @ArchTest
    static final ArchRule NOBODY_NAMES_AERON_YET = noClasses()
            .that()
            .resideOutsideOfPackages("io.slipstream.mirror..", TESTS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.aeron..");

    @ArchTest
    static final ArchRule EXPORT_AND_SQL_ALONE_NAME_DUCKDB = noClasses()
            .that()
            .resideOutsideOfPackages("io.slipstream.replay.export..", "io.slipstream.replay.sql..", TESTS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.duckdb..");

    @ArchTest
    static final ArchRule CONTROL_ALONE_NAMES_JAVALIN = noClasses()
            .that()
            .resideOutsideOfPackages("io.slipstream.replay.control..", TESTS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..");

    @ArchTest
    static final ArchRule THE_COMMAND_LINE_ALONE_NAMES_JLINE = noClasses()
            .that()
            .resideOutsideOfPackages("io.slipstream.replay.cli..", TESTS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jline..");

    @ArchTest
    static final ArchRule THE_COMMAND_LINE_IS_THE_OUTERMOST_ROOM = classes()
            .that()
            .resideInAPackage("io.slipstream.replay.cli..")
            .should()
            .onlyHaveDependentClassesThat()
            .resideInAnyPackage("io.slipstream.replay.cli..", TESTS);

    @ArchTest
    static final ArchRule LIBRARIES_PRINT_NOTHING = noClasses()
            .that()
            .resideOutsideOfPackages("io.slipstream.replay.cli..", TESTS)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule TELEMETRY_HAS_NO_CYCLES = SlicesRuleDefinition.slices()
            .matching("io.slipstream.telemetry.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule REPLAY_HAS_NO_CYCLES = SlicesRuleDefinition.slices()
            .matching("io.slipstream.replay.(*)..")
            .should()
            .beFreeOfCycles();

    private WallsTest() {}
}
