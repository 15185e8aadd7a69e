package io.github.workflowhistory;

import static com.tngtech.archunit.lang.conditions.ArchConditions.accessField;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.github.workflowhistory.internal.SafeLog;
import io.github.workflowhistory.pipeline.MicrometerListener;
import java.util.stream.Stream;
import org.slf4j.Logger;

@AnalyzeClasses(packages = "io.github.workflowhistory", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String BASE = "io.github.workflowhistory";
    private static final String INTERNAL = BASE + ".internal..";

    private static final DescribedPredicate<JavaClass> PUBLIC_API = DescribedPredicate.describe(
            "public classes outside of internal",
            type -> type.getModifiers().contains(JavaModifier.PUBLIC)
                    && !type.getPackageName().startsWith(BASE + ".internal"));

    private static final DescribedPredicate<JavaType> AN_INTERNAL_TYPE = DescribedPredicate.describe(
            "an internal type",
            type -> type.getAllInvolvedRawTypes().stream()
                    .anyMatch(raw -> raw.getPackageName().startsWith(BASE + ".internal")));

    @ArchTest
    static final ArchRule knows_nothing_of_databases = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "org.postgresql..", BASE + ".jdbc..");

    @ArchTest
    static final ArchRule uses_nothing_but_what_the_design_lists = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    BASE + "..",
                    "java..",
                    "jdk.jfr",
                    "com.fasterxml.jackson..",
                    "com.fasterxml.uuid..",
                    "io.micrometer..",
                    "org.jspecify..",
                    "org.slf4j..");

    @ArchTest
    static final ArchRule works_without_micrometer = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(MicrometerListener.class.getName())
            .and()
            .haveNameNotMatching(".*MicrometerListener\\$.*")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(MicrometerListener.class);

    /** The domain and the SPI need each other; these are the directions that would make it a knot. */
    @ArchTest
    static final ArchRule internal_knows_neither_the_spi_nor_queries = noClasses()
            .that()
            .resideInAPackage(INTERNAL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BASE + ".store..", BASE + ".query..", BASE + ".pipeline..");

    @ArchTest
    static final ArchRule queries_know_the_domain_only = noClasses()
            .that()
            .resideInAPackage(BASE + ".query..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BASE + ".store..", BASE + ".pipeline..");

    @ArchTest
    static final ArchRule the_spi_knows_neither_the_api_nor_the_pipeline = noClasses()
            .that()
            .resideInAPackage(BASE + ".store..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(BASE + ".pipeline..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(WorkflowHistory.class, ExecutionRun.class, NodeRun.class, RecordingContext.class);

    @ArchTest
    static final ArchRule only_core_uses_internal = classes()
            .that()
            .resideInAPackage(INTERNAL)
            .should()
            .onlyBeAccessed()
            .byAnyPackage(BASE + "..");

    @ArchTest
    static final ArchRule no_package_is_a_drawer =
            noClasses().should().resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..misc..");

    @ArchTest
    static final ArchRule the_public_api_shows_no_internal_types = codeUnits()
            .that()
            .areDeclaredInClassesThat(PUBLIC_API)
            .and()
            .arePublic()
            .should(showNoInternalTypes());

    @ArchTest
    static final ArchRule the_public_api_has_no_fields_of_internal_types = fields().that()
            .areDeclaredInClassesThat(PUBLIC_API)
            .and()
            .arePublic()
            .should(new ArchCondition<>("have no internal type") {
                @Override
                public void check(JavaField field, ConditionEvents events) {
                    if (AN_INTERNAL_TYPE.test(field.getType())) {
                        events.add(SimpleConditionEvent.violated(field, field.getFullName() + " is internal"));
                    }
                }
            });

    @ArchTest
    static final ArchRule nothing_is_printed =
            noClasses().should(accessField(System.class, "out")).orShould(accessField(System.class, "err"));

    /** Records on their way must not depend on what an appender of the host's does. */
    @ArchTest
    static final ArchRule the_hosts_logging_is_called_where_it_may_fail = fields().that()
            .haveRawType(Logger.class)
            .should()
            .beDeclaredInClassesThat()
            .belongToAnyOf(SafeLog.class, RunLogger.class);

    @ArchTest
    static final ArchRule no_thread_locals_stay_behind =
            noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class);

    private static ArchCondition<JavaCodeUnit> showNoInternalTypes() {
        return new ArchCondition<>("show no internal types") {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                Stream.of(
                                unit.getParameterTypes().stream(),
                                Stream.of(unit.getReturnType()),
                                unit.getExceptionTypes().stream().map(JavaType.class::cast))
                        .flatMap(types -> types)
                        .filter(AN_INTERNAL_TYPE)
                        .forEach(type -> events.add(
                                SimpleConditionEvent.violated(unit, unit.getFullName() + " shows " + type.getName())));
            }
        };
    }
}
