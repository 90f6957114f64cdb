integer function is_null(p) bind(c, name="is_null")
  use, intrinsic :: iso_c_binding, only: c_ptr, c_associated
  type(c_ptr), value :: p
  is_null = merge(0, 1, c_associated(p))
end function is_null
