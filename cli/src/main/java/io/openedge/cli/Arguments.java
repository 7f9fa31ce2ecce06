package io.openedge.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of a command line after its verb, and what is left. Immutable. */
final class Arguments {
    private final Map<String, List<String>> options;
    private final List<String> operands;

    private Arguments(Map<String, List<String>> options, List<String> operands) {
        this.options = options;
        this.operands = List.copyOf(operands);
    }

    /**
     * Reads {@code -x VALUE}, {@code --long VALUE}, {@code --long=VALUE} and switches; {@code --} ends the options.
     *
     * @throws UsageException names the argument that is not known or lacks its value
     */
    static Arguments parse(List<Option> known, List<String> words) throws UsageException {
        Map<String, List<String>> options = new LinkedHashMap<>();
        List<String> operands = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                operands.addAll(words.subList(i + 1, words.size()));
                break;
            }
            if (!word.startsWith("-") || word.equals("-")) {
                operands.add(word);
                continue;
            }
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            Option option = find(known, equals < 0 ? word : word.substring(0, equals));
            String value = "";
            if (equals >= 0) {
                if (option.isSwitch()) {
                    throw new UsageException(option.name() + " takes no value");
                }
                value = word.substring(equals + 1);
            } else if (!option.isSwitch()) {
                i++;
                if (i == words.size()) {
                    throw new UsageException(option.name() + " needs a value: " + option.usage());
                }
                value = words.get(i);
            }
            options.computeIfAbsent(option.name(), name -> new ArrayList<>()).add(value);
        }
        return new Arguments(options, operands);
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    /** The value given last. */
    Optional<String> value(String option) {
        List<String> values = values(option);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
    }

    /** All values in their order. */
    List<String> values(String option) {
        return options.getOrDefault(option, List.of());
    }

    /** A whole number within bounds. */
    int number(String option, int otherwise, int least, int most) throws UsageException {
        Optional<String> value = value(option);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, as a number out of bounds is
        }
        throw new UsageException(
                option + ": '" + value.get() + "' is not allowed here; allowed: " + least + " to " + most);
    }

    /** Exactly so many words that are no options. */
    List<String> operands(int count, String usage) throws UsageException {
        if (operandsFrom(count, usage).size() > count) {
            throw new UsageException("unknown argument " + operands.get(count) + "; needed: " + usage);
        }
        return operands;
    }

    /** At least so many words that are no options. */
    List<String> operandsFrom(int count, String usage) throws UsageException {
        if (operands.size() < count) {
            throw new UsageException("needed: " + usage);
        }
        return operands;
    }

    void refuseOperands() throws UsageException {
        if (!operands.isEmpty()) {
            throw new UsageException("unknown argument " + operands.get(0));
        }
    }

    private static Option find(List<Option> known, String name) throws UsageException {
        return known.stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("unknown option " + name));
    }
}
