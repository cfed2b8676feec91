# cmake -D IN=<text file> -D OUT=<file> -P embed_file.cmake
file(READ ${IN} text)
# Compilers bound one literal at 64 KiB; neighbouring literals are joined.
string(LENGTH "${text}" size)
set(literals)
set(at 0)
while(at LESS size OR at EQUAL 0)
  string(SUBSTRING "${text}" ${at} 8000 part)
  string(APPEND literals "R\"embedded(${part})embedded\"\n")
  math(EXPR at "${at} + 8000")
endwhile()
file(WRITE ${OUT} "${literals}")
