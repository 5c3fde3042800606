/// The opcodes of Python's pickle (Lib/pickle.py), as far as plain data needs them.
///
/// Layer: serial.        Thread rule: constants.
#pragma once

namespace hearth::pickle_op {

inline constexpr char proto = '\x80', frame = '\x95', stop = '.';

inline constexpr char none = 'N', new_true = '\x88', new_false = '\x89';
inline constexpr char int_line = 'I', int32 = 'J', uint8 = 'K', uint16 = 'M';
inline constexpr char long_line = 'L', long1 = '\x8a', long4 = '\x8b';
inline constexpr char float_line = 'F', float_binary = 'G';

// Python 2's str, which Python 3 reads as ASCII text.
inline constexpr char string_line = 'S', string4 = 'T', string1 = 'U';
inline constexpr char unicode_line = 'V', unicode4 = 'X', unicode1 = '\x8c', unicode8 = '\x8d';
inline constexpr char bytes4 = 'B', bytes1 = 'C', bytes8 = '\x8e', bytearray8 = '\x96';

inline constexpr char mark = '(', pop = '0', pop_mark = '1', dup = '2';
inline constexpr char empty_list = ']', list = 'l', append = 'a', appends = 'e';
inline constexpr char empty_tuple = ')', tuple = 't', tuple1 = '\x85', tuple2 = '\x86', tuple3 = '\x87';
inline constexpr char empty_dict = '}', dict = 'd', setitem = 's', setitems = 'u';
inline constexpr char empty_set = '\x8f', additems = '\x90', frozenset = '\x91';

inline constexpr char get_line = 'g', get1 = 'h', get4 = 'j';
inline constexpr char put_line = 'p', put1 = 'q', put4 = 'r', memoize = '\x94';

inline constexpr char global_lines = 'c', stack_global = '\x93';
inline constexpr char reduce = 'R', newobj = '\x81', build = 'b';

}  // namespace hearth::pickle_op
