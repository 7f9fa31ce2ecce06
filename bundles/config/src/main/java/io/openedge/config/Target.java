package io.openedge.config;

import io.openedge.app.ByteSize;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The type that a node becomes.
 *
 * @param arguments of a generic type, resolved
 */
record Target(Class<?> type, List<Target> arguments) {
    static Target of(Class<?> type) {
        return new Target(type, List.of());
    }

    /** The target of a component of this record type. */
    Target of(RecordComponent component) {
        Map<TypeVariable<?>, Target> known = new HashMap<>();
        TypeVariable<?>[] variables = type.getTypeParameters();
        for (int i = 0; i < arguments.size(); i++) {
            known.put(variables[i], arguments.get(i));
        }
        return of(component.getGenericType(), known);
    }

    private static Target of(Type type, Map<TypeVariable<?>, Target> known) {
        if (type instanceof Class<?> plain) {
            return of(plain);
        }
        if (type instanceof ParameterizedType generic) {
            List<Target> arguments = Arrays.stream(generic.getActualTypeArguments())
                    .map(argument -> of(argument, known))
                    .toList();
            return new Target((Class<?>) generic.getRawType(), arguments);
        }
        if (type instanceof WildcardType wildcard) {
            return of(wildcard.getUpperBounds()[0], known);
        }
        return known.getOrDefault(type, of(Object.class));
    }

    /** The target of the last argument: an entry of a list, a value of a map. */
    Target entry() {
        return arguments.isEmpty() ? of(Object.class) : arguments.get(arguments.size() - 1);
    }

    boolean isRecord() {
        return type.isRecord() && type != ByteSize.class;
    }

    boolean isList() {
        return type == List.class;
    }

    boolean isMap() {
        return type == Map.class;
    }

    boolean isFree() {
        return type == Object.class;
    }
}
