# SBE's C++ generator keeps a field of a composite type in a member m_NAME, and its own cursor in m_position: CarState, whose
# position is a Vector, does not compile. The member gets another name here; the method position() stays. Run by the install.
file(GLOB headers "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/@headers@/cpp/slipstream_telemetry/*.h")
foreach(header IN LISTS headers)
  file(READ "${header}" text)
  string(REGEX REPLACE "\n( *)([A-Z][A-Za-z0-9]*) m_position;" "\n\\1\\2 m_positionField;" fixed "${text}")
  string(REGEX REPLACE "m_position(\\.wrap\\([^;]*\\);[ \n]*return m_position);" "m_positionField\\1Field;" fixed "${fixed}")
  if(NOT fixed STREQUAL text)
    file(WRITE "${header}" "${fixed}")
  endif()
endforeach()
