package io.github.workflowhistory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PipelineSettingsTest {
    private static final Duration NEGATIVE = Duration.ofNanos(-1);

    @Test
    void the_defaults_are_as_documented() {
        PipelineSettings settings = PipelineSettings.defaults();
        assertThat(settings.capacityBytes()).isEqualTo(32 << 20);
        assertThat(settings.maxBlock()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.batchSize()).isEqualTo(7_500);
        assertThat(settings.linger()).isEqualTo(Duration.ofMillis(100));
        assertThat(settings.writers()).isEqualTo(1);
        assertThat(settings.durability()).isEqualTo(Durability.BUFFERED);
        assertThat(settings.syncTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.grace()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.closeTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.leaseInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.abandonAfter()).isEqualTo(Duration.ofMinutes(5));
    }

    private static Arguments wrong(String name, UnaryOperator<PipelineSettings.Builder> setting) {
        return Arguments.of(name, setting);
    }

    private static Arguments contradiction(String one, String other, UnaryOperator<PipelineSettings.Builder> setting) {
        return Arguments.of(one, other, setting);
    }

    static Stream<Arguments> outOfRange() {
        return Stream.of(
                wrong("capacityBytes", b -> b.capacityBytes((64 << 10) - 1)),
                wrong("capacityBytes", b -> b.capacityBytes(-1)),
                wrong("batchSize", b -> b.batchSize(0)),
                wrong("batchSize", b -> b.batchSize(100_001)),
                wrong("writers", b -> b.writers(0)),
                wrong("writers", b -> b.writers(65)),
                wrong("maxBlock", b -> b.maxBlock(NEGATIVE)),
                wrong("linger", b -> b.linger(NEGATIVE)),
                wrong("grace", b -> b.grace(NEGATIVE)),
                wrong("closeTimeout", b -> b.closeTimeout(NEGATIVE)),
                wrong("leaseInterval", b -> b.leaseInterval(NEGATIVE)),
                wrong("abandonAfter", b -> b.abandonAfter(NEGATIVE)),
                wrong("syncTimeout", b -> b.durability(Durability.SYNC).syncTimeout(Duration.ZERO)),
                wrong("syncTimeout", b -> b.durability(Durability.SYNC).syncTimeout(NEGATIVE)));
    }

    @ParameterizedTest
    @MethodSource("outOfRange")
    void a_setting_out_of_its_range_is_refused_by_name(String name, UnaryOperator<PipelineSettings.Builder> setting) {
        PipelineSettings.Builder builder = setting.apply(PipelineSettings.builder());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(name + " must be");
    }

    static Stream<Arguments> contradictions() {
        return Stream.of(
                contradiction("batchSize", "capacityBytes", b -> b.capacityBytes(64 << 10)),
                contradiction(
                        "linger",
                        "durability SYNC",
                        b -> b.durability(Durability.SYNC).linger(Duration.ofMillis(1))),
                contradiction(
                        "maxBlock",
                        "syncTimeout",
                        b -> b.durability(Durability.SYNC).syncTimeout(Duration.ofMillis(999))),
                contradiction("syncTimeout", "durability BUFFERED", b -> b.syncTimeout(Duration.ofSeconds(30))),
                contradiction(
                        "abandonAfter", "leaseInterval", b -> b.withoutLeases().abandonAfter(Duration.ofMinutes(5))),
                contradiction("abandonAfter", "leaseInterval", b -> b.leaseInterval(Duration.ofSeconds(101))),
                contradiction("abandonAfter", "leaseInterval", b -> b.abandonAfter(Duration.ofSeconds(89))));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void settings_that_contradict_each_other_are_refused_naming_both(
            String one, String other, UnaryOperator<PipelineSettings.Builder> setting) {
        PipelineSettings.Builder builder = setting.apply(PipelineSettings.builder());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(one, "contradicts", other);
    }

    static Stream<Arguments> fitting() {
        return Stream.of(
                wrong(
                        "the smallest",
                        b -> b.capacityBytes(64 << 10).batchSize(1).maxBlock(Duration.ZERO)),
                wrong("the largest batch", b -> b.batchSize(100_000)),
                wrong("the most writers", b -> b.writers(64)),
                wrong(
                        "no wait at all",
                        b -> b.linger(Duration.ZERO).grace(Duration.ZERO).closeTimeout(Duration.ZERO)),
                wrong("sync", b -> b.durability(Durability.SYNC)),
                wrong(
                        "sync with the linger that it has anyway",
                        b -> b.durability(Durability.SYNC).linger(Duration.ZERO)),
                wrong("leases without ending others", b -> b.abandonAfter(Duration.ZERO)),
                wrong("three renewals", b -> b.leaseInterval(Duration.ofSeconds(100))),
                wrong("without leases", PipelineSettings.Builder::withoutLeases));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fitting")
    void settings_that_fit_each_other_are_accepted(String name, UnaryOperator<PipelineSettings.Builder> setting) {
        assertThat(setting.apply(PipelineSettings.builder()).build()).isNotNull();
    }

    @Test
    void with_sync_nothing_lingers() {
        assertThat(PipelineSettings.builder()
                        .durability(Durability.SYNC)
                        .build()
                        .linger())
                .isEqualTo(Duration.ZERO);
    }
}
