package io.github.workflowhistory.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.workflowhistory", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule the_store_does_not_touch_the_testkit = noClasses()
            .that()
            .resideInAPackage("io.github.workflowhistory.jdbc..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.github.workflowhistory.testkit..", "org.junit..", "org.assertj..");

    @ArchTest
    static final ArchRule the_store_does_not_use_what_core_keeps_to_itself = noClasses()
            .that()
            .resideInAPackage("io.github.workflowhistory.jdbc..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.workflowhistory.internal..");

    @ArchTest
    static final ArchRule neither_core_nor_testkit_knows_databases = noClasses()
            .that()
            .resideOutsideOfPackage("io.github.workflowhistory.jdbc..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.sql..", "javax.sql..", "org.jdbi..", "org.postgresql..", "io.github.workflowhistory.jdbc..");
}
