package io.github.workflowhistory.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.workflowhistory.jdbc", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule does_not_touch_the_testkit = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.github.workflowhistory.testkit..", "org.junit..", "org.assertj..");
}
