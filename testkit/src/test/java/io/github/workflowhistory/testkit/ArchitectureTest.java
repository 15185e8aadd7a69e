package io.github.workflowhistory.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.module.ModuleDescriptor.Version;

@AnalyzeClasses(packages = "io.github.workflowhistory.testkit", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final Version OLDEST_JUNIT = Version.parse("5.10");

    @ArchTest
    static final ArchRule knows_no_database = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.github.workflowhistory.jdbc..", "java.sql..", "javax.sql..", "org.jdbi..", "org.postgresql..");

    /** Hosts bring their own JUnit: what came later than 5.10 would fail there with a NoSuchMethodError. */
    @ArchTest
    static final ArchRule uses_nothing_of_junit_that_is_new = noClasses()
            .should()
            .accessTargetWhere(DescribedPredicate.describe(
                    "it came to JUnit after " + OLDEST_JUNIT, (JavaAccess<?> access) -> isNew(access.getTarget())));

    private static boolean isNew(CanBeAnnotated element) {
        return element.isAnnotatedWith(DescribedPredicate.describe("@API of a later version", ArchitectureTest::isNew));
    }

    private static boolean isNew(JavaAnnotation<?> annotation) {
        return annotation.getRawType().getName().equals("org.apiguardian.api.API")
                && annotation
                        .tryGetExplicitlyDeclaredProperty("since")
                        .map(since -> Version.parse((String) since).compareTo(OLDEST_JUNIT) > 0)
                        .orElse(false);
    }
}
