package io.github.workflowhistory;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.uuid.UUIDClock;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the classes are of which an application with this library and these tests consists. */
final class CodeLocation {
    private CodeLocation() {}

    /** The folders and jars of the library, its tests and its dependencies. */
    static List<URL> ofEverything() throws MalformedURLException {
        List<URL> locations = new ArrayList<>();
        for (Class<?> type : List.of(
                WorkflowHistory.class,
                CodeLocation.class,
                ObjectMapper.class,
                JsonFactory.class,
                JsonProperty.class,
                JavaTimeModule.class,
                UUIDClock.class,
                Logger.class,
                LoggerFactory.getILoggerFactory().getClass())) {
            locations.add(of(type));
        }
        return locations;
    }

    // Not by the code source: tests are patched into the module, and their code source is that of the module.
    private static URL of(Class<?> type) throws MalformedURLException {
        String file = type.getName().replace('.', '/') + ".class";
        String resource = type.getResource("/" + file).toString();
        String root = resource.substring(0, resource.length() - file.length());
        return URI.create(
                        root.startsWith("jar:") ? root.substring("jar:".length(), root.length() - "!/".length()) : root)
                .toURL();
    }
}
